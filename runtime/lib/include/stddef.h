// Part of the header tree of C0X (docs/library.md); gcc reads it too, for the oracle.
#pragma once

#ifdef __GNUC__
typedef __SIZE_TYPE__ size_t;
typedef __PTRDIFF_TYPE__ ptrdiff_t;
#define NULL ((void *)0)
#else
typedef unsigned size_t;
typedef int ptrdiff_t;
#endif
