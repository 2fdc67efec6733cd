// As in C, but the memory functions work on characters: there is no void * (copy structs by assignment).
#pragma once

#include <stddef.h>

size_t strlen(const char *text);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t count);
char *strcpy(char *to, const char *from);
char *strncpy(char *to, const char *from, size_t count);
char *strcat(char *to, const char *from);
char *strchr(const char *text, int c);
char *strstr(const char *text, const char *part);

char *memcpy(char *to, const char *from, size_t count);
char *memset(char *to, int byte, size_t count);
int memcmp(const char *a, const char *b, size_t count);
