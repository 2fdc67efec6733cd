# A run-time check failed. r31 names the check; the host looks it up in the consistency map and ends the run with status 123.
        .section .text
        .globl  __c0_fault
__c0_fault:
        sw      r31,-8172(r0)           # host port 5
stopped:
        j       stopped
        nop
