// A condition that does not hold is the fault `assertion` at the place of the assert (status 123).
#ifdef assert
#undef assert
#endif

#if defined(NDEBUG)
#define assert(condition) ((void)0)
#elif defined(__GNUC__)
#define assert(condition) ((condition) ? (void)0 : c0_fault(8))
#else
void assert(bool condition);  // of the language: the compiler knows it
#endif
