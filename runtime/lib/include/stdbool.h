// bool, true and false are words of the language; gcc needs them defined.
#pragma once

#ifdef __GNUC__
#define bool _Bool
#define true 1
#define false 0
#endif
#define __bool_true_false_are_defined 1
