/* Loaded before a program's own libraries: counts what it does to files below a folder, and at a given step kills it, as a power cut
 * would, or lets the call fail. A file that was never forced to disk loses what is in it when the program is killed, as it may in a power cut.
 *
 *     FAULT_FOLDER  the folder
 *     FAULT_STEP    at which step, from 1; 0 only counts
 *     FAULT_KIND    kill, or the number of an error
 *     FAULT_LOG     a file that gets a line for each step */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int step;

/* The files that were written to since they were last forced to disk. */
static char unsynced[256][1024];

static void note_written(const char *path) {
    for (int i = 0; i < 256; i++) {
        if (strcmp(unsynced[i], path) == 0) return;
        if (!unsynced[i][0]) {
            snprintf(unsynced[i], sizeof unsynced[i], "%s", path);
            return;
        }
    }
    abort();
}

static void note_synced(const char *path) {
    for (int i = 0; i < 256; i++)
        if (strcmp(unsynced[i], path) == 0) unsynced[i][0] = ' ', unsynced[i][1] = 0;
}

static void note_renamed(const char *from, const char *to) {
    size_t size = strlen(from);
    for (int i = 0; i < 256; i++) {
        if (strncmp(unsynced[i], from, size) != 0 || unsynced[i][size] != '/') continue;
        char path[1024];
        snprintf(path, sizeof path, "%s", unsynced[i] + size);
        if (snprintf(unsynced[i], sizeof unsynced[i], "%s%s", to, path) >= (int)sizeof unsynced[i]) abort();
    }
}

static void lose_unsynced(void) {
    for (int i = 0; i < 256; i++)
        if (unsynced[i][0] == '/' && truncate(unsynced[i], 0) != 0 && errno != ENOENT) abort();
}

static int is_below(const char *path) {
    const char *folder = getenv("FAULT_FOLDER");
    return folder && path && strncmp(path, folder, strlen(folder)) == 0;
}

static int is_open_below(int descriptor, char path[1024]) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t size = readlink(link, path, 1023);
    if (size < 0) return 0;
    path[size] = 0;
    return is_below(path);
}

/* Whether the call has to fail; errno says how. */
static int happens(const char *call, const char *path) {
    const char *at = getenv("FAULT_STEP"), *kind = getenv("FAULT_KIND"), *log = getenv("FAULT_LOG");
    int now = __atomic_add_fetch(&step, 1, __ATOMIC_SEQ_CST);
    if (log) {
        char line[4200];
        int size = snprintf(line, sizeof line, "%d %s %s\n", now, call, path);
        int (*real_open)(const char *, int, ...) = dlsym(RTLD_NEXT, "open");
        ssize_t (*real_write)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
        int descriptor = real_open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
        if (descriptor >= 0) {
            if (real_write(descriptor, line, size) < 0) abort();
            close(descriptor);
        }
    }
    if (!at || atoi(at) != now) return 0;
    if (!kind || strcmp(kind, "kill") == 0) {
        lose_unsynced();
        raise(SIGKILL);
        pause();
    }
    errno = atoi(kind);
    return 1;
}

static int opens(const char *name, const char *path, int flags, mode_t mode) {
    int (*real)(const char *, int, ...) = dlsym(RTLD_NEXT, name);
    if ((flags & (O_WRONLY | O_RDWR)) && is_below(path) && happens("open", path)) return -1;
    return real(path, flags, mode);
}

int open(const char *path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
    va_end(more);
    return opens("open", path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
    va_end(more);
    return opens("open64", path, flags, mode);
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
    char path[1024];
    ssize_t (*real)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
    if (descriptor > 2 && is_open_below(descriptor, path)) {
        if (happens("write", path)) return -1;
        note_written(path);
    }
    return real(descriptor, bytes, count);
}

int fsync(int descriptor) {
    char path[1024];
    int (*real)(int) = dlsym(RTLD_NEXT, "fsync");
    int is_below = is_open_below(descriptor, path);
    if (is_below && happens("fsync", path)) return -1;
    if (is_below) note_synced(path);
    return real(descriptor);
}

int mkdir(const char *path, mode_t mode) {
    int (*real)(const char *, mode_t) = dlsym(RTLD_NEXT, "mkdir");
    if (is_below(path) && happens("mkdir", path)) return -1;
    return real(path, mode);
}

int rename(const char *from, const char *to) {
    int (*real)(const char *, const char *) = dlsym(RTLD_NEXT, "rename");
    if (!is_below(to)) return real(from, to);
    if (happens("rename", to)) return -1;
    int result = real(from, to);
    if (result == 0) note_renamed(from, to);
    return result;
}
