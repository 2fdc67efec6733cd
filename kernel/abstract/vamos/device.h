// device: who drives which device, and what interrupts. The timer is the kernel's; of the host (HOST) the driver is who may read the
// console. A device's interrupt is let through once: it becomes a message to the driver, which then lets the next one through.
#pragma once

#include "kernel/abstract/vamos/process.h"

// Instructions a tick.
#ifndef DEVICE_PERIOD
#define DEVICE_PERIOD 10000
#endif

// Only the timer is let through; it runs. Process 1 has the console.
int device_begin();

// The interrupts in mca, of devices, become messages.
int device_interrupt(int mca);

// May an interrupt of a driver's device arrive?
bool device_awaited();

// p drives nothing any more.
int device_forget(struct process *p);

// The calls, made by p. Result or error.
int device_driver(struct process *p, int device, int id);
int device_interrupts(struct process *p, int device, int yes);
int device_read(struct process *p, int device, int port);
int device_write(struct process *p, int device, int port, int word);
int device_read_words(struct process *p, int device, int port, int address, int count);
int device_write_words(struct process *p, int device, int port, int address, int count);
int device_get_char(struct process *p);

// The id of the device's driver, 0: none; or an error.
int device_driver_of(int device);
