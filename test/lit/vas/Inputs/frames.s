.data
.cfi_startproc
.text
.cfi_undefined r31
.cfi_startproc
.cfi_startproc
.cfi_undefined ECA
.cfi_offset r31,3
.cfi_register r31
.data
.cfi_endproc
