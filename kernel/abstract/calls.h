// System calls that every abstract kernel here has (docs/vamos.md): `trap` with the number, arguments in r11.., result in r20.
#pragma once

#define CALL_EXIT 1      // exit(status)      the process ends
#define CALL_YIELD 2     // yield()           another one runs
#define CALL_PUT_CHAR 3  // put_char(c)       c on the console; c
#define CALL_GET_CHAR 4  // get_char()        the console's next byte, -1 at its end
#define CALL_ALLOC 5     // alloc(pages)      so many pages more, zero, at the end of memory
#define CALL_FAULT 6     // fault(place)      a run-time check of the process failed: it ends

// What is wrong with a call: as in cvm.h, then vamos's own.
#define ERROR_PROCESS (-1)
#define ERROR_NUMBER (-2)
#define ERROR_MEMORY (-3)
#define ERROR_RANGE (-4)
#define ERROR_LOST (-5)
#define ERROR_TIMEOUT (-6)
#define ERROR_RIGHTS (-7)
#define ERROR_STATE (-8)
#define ERROR_CALL (-9)
