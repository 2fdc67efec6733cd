#pragma once

int bump();
const char *other_name();
