#include "collect/unpack.h"

#include "base/error.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

enum { packed_bytes = 1 << 16 };

struct unpacker {
    int file;
    const char *path;
    enum packing packing;
    off_t offset;
    bool file_ended;
    bool whole; /* at the end of a member or frame: the file may end here */
    size_t start;
    size_t end; /* packed[start, end) is not unpacked yet */
    z_stream gzip;
    ZSTD_DStream *zstd;
    uint8_t packed[packed_bytes];
};

static const char gzip_magic[] = "\x1f\x8b";
static const char zstd_magic[] = "\x28\xb5\x2f\xfd";

enum packing packing_of(const char *bytes, size_t length)
{
    if (length >= 2 && memcmp(bytes, gzip_magic, 2) == 0)
        return PACKING_GZIP;
    if (length >= 4 && memcmp(bytes, zstd_magic, 4) == 0)
        return PACKING_ZSTD;
    return PACKING_NONE;
}

/* ---- Opening ---------------------------------------------------------------------------- */

enum status unpacker_open(int file, const char *path, enum packing packing, struct unpacker **out,
                          struct error *error)
{
    struct unpacker *unpacker = calloc(1, sizeof *unpacker);
    if (unpacker == NULL)
        return error_memory(error);
    unpacker->file = file;
    unpacker->path = path;
    unpacker->packing = packing;
    unpacker->whole = true;
    bool ready = true;
    if (packing == PACKING_GZIP)
        /* 15: the largest window; 16: gzip's header and trailer, and no other */
        ready = inflateInit2(&unpacker->gzip, 15 + 16) == Z_OK;
    else if (packing == PACKING_ZSTD)
        ready = (unpacker->zstd = ZSTD_createDStream()) != NULL;
    if (!ready) {
        free(unpacker);
        return error_memory(error);
    }
    *out = unpacker;
    return STATUS_OK;
}

void unpacker_close(struct unpacker *unpacker)
{
    if (unpacker == NULL)
        return;
    if (unpacker->packing == PACKING_GZIP)
        (void)inflateEnd(&unpacker->gzip);
    (void)ZSTD_freeDStream(unpacker->zstd);
    free(unpacker);
}

/* ---- Reading ---------------------------------------------------------------------------- */

static enum status read_some(struct unpacker *unpacker, char *bytes, size_t size, size_t *got,
                             struct error *error)
{
    for (;;) {
        ssize_t count = pread(unpacker->file, bytes, size, unpacker->offset);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return error_at(error, ERROR_IO, unpacker->path, 0, 0, "cannot be read: %s",
                            strerror(errno));
        unpacker->offset += count;
        unpacker->file_ended = count == 0;
        *got = (size_t)count;
        return STATUS_OK;
    }
}

static enum status damaged(const struct unpacker *unpacker, struct error *error)
{
    return error_at(error, ERROR_INPUT, unpacker->path, 0, 0,
                    "the compressed file is damaged; nothing was imported. Fetch or export it "
                    "again (`%s -t` checks it)",
                    unpacker->packing == PACKING_GZIP ? "gzip" : "zstd");
}

static enum status cut_short(const struct unpacker *unpacker, struct error *error)
{
    return error_at(error, ERROR_INPUT, unpacker->path, 0, 0,
                    "the compressed file was cut short; nothing was imported. Fetch or export it "
                    "again (`%s -t` checks it)",
                    unpacker->packing == PACKING_GZIP ? "gzip" : "zstd");
}

/* One step from packed bytes to out[*got, size). */
static enum status step_gzip(struct unpacker *unpacker, char *out, size_t size, size_t *got,
                             struct error *error)
{
    z_stream *stream = &unpacker->gzip;
    if (unpacker->whole) {
        /* Members may follow one another. */
        if (unpacker->packed[unpacker->start] != 0x1f)
            return error_at(error, ERROR_INPUT, unpacker->path, 0, 0,
                            "bytes follow the end of the compressed data; nothing was imported. "
                            "Unpack it, look at its end, and import that (gunzip)");
        (void)inflateReset(stream);
        unpacker->whole = false;
    }
    stream->next_in = unpacker->packed + unpacker->start;
    stream->avail_in = (uInt)(unpacker->end - unpacker->start);
    stream->next_out = (Bytef *)out + *got;
    stream->avail_out = (uInt)(size - *got);
    int result = inflate(stream, Z_NO_FLUSH);
    unpacker->start = unpacker->end - stream->avail_in;
    *got = size - stream->avail_out;
    if (result == Z_STREAM_END)
        unpacker->whole = true;
    else if (result == Z_MEM_ERROR)
        return error_memory(error);
    else if (result != Z_OK && result != Z_BUF_ERROR)
        return damaged(unpacker, error);
    return STATUS_OK;
}

static enum status step_zstd(struct unpacker *unpacker, char *out, size_t size, size_t *got,
                             struct error *error)
{
    ZSTD_inBuffer in = {unpacker->packed, unpacker->end, unpacker->start};
    ZSTD_outBuffer to = {out, size, *got};
    size_t result = ZSTD_decompressStream(unpacker->zstd, &to, &in);
    if (ZSTD_isError(result) != 0)
        return damaged(unpacker, error);
    unpacker->start = in.pos;
    *got = to.pos;
    unpacker->whole = result == 0;
    return STATUS_OK;
}

static enum status fill(struct unpacker *unpacker, struct error *error)
{
    size_t got = 0;
    enum status status =
        read_some(unpacker, (char *)unpacker->packed, sizeof unpacker->packed, &got, error);
    unpacker->start = 0;
    unpacker->end = got;
    return status;
}

enum status unpacker_read(struct unpacker *unpacker, char *bytes, size_t size, size_t *got,
                          struct error *error)
{
    enum status status = STATUS_OK;
    *got = 0;
    while (status == STATUS_OK && *got < size) {
        if (unpacker->packing == PACKING_NONE) {
            size_t count = 0;
            status = read_some(unpacker, bytes + *got, size - *got, &count, error);
            if (status != STATUS_OK || count == 0)
                return status;
            *got += count;
            continue;
        }
        if (unpacker->start == unpacker->end && !unpacker->file_ended) {
            status = fill(unpacker, error);
            if (status != STATUS_OK)
                return status;
        }
        size_t before = *got;
        bool had_input = unpacker->start < unpacker->end;
        if (!had_input && unpacker->whole)
            return STATUS_OK;
        status = unpacker->packing == PACKING_GZIP ? step_gzip(unpacker, bytes, size, got, error)
                                                   : step_zstd(unpacker, bytes, size, got, error);
        /* What the library still held may come without input; when nothing does, the end is
           missing. */
        if (status == STATUS_OK && !had_input && *got == before && !unpacker->whole)
            return cut_short(unpacker, error);
    }
    return status;
}
