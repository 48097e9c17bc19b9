/* SPDX-License-Identifier: MIT
 * Tells AddressSanitizer that pooled memory is free, so that a use after free is caught in a pool
 * as it is after free(). Without the sanitizer it costs nothing.
 */
#ifndef WSIP_BASE_POISON_H
#define WSIP_BASE_POISON_H

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WSIP_ADDRESS_SANITIZER 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define WSIP_ADDRESS_SANITIZER 1
#endif

#ifdef WSIP_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#define wsip_poison(start, bytes)   __asan_poison_memory_region(start, bytes)
#define wsip_unpoison(start, bytes) __asan_unpoison_memory_region(start, bytes)
#else
#define wsip_poison(start, bytes)   ((void)(start), (void)(bytes))
#define wsip_unpoison(start, bytes) ((void)(start), (void)(bytes))
#endif

#endif
