struct entry { int key; const char *name; };
extern int squares[];
extern const char text[];
extern struct entry entries[];
extern int grid[][3];
extern unsigned short small[];
int sum(void);
