package io.cloacina.cli.demo;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Many short lines as one text of a context: as they are while they are few, so that a reader of the database sees them, and
 * as base64 of gzip when they are many. A line begins with a digit, so the two cannot be confused.
 */
final class PackedLines {
    private static final int PLAIN_CHARACTERS = 32_768;
    private static final String PACKED = "gzip:";

    private PackedLines() {}

    static String pack(List<String> lines) {
        String text = lines.stream().map(PackedLines::escaped).collect(Collectors.joining("\n"));
        if (text.length() <= PLAIN_CHARACTERS) {
            return text;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return PACKED + Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    static List<String> unpack(String packed) {
        String text = packed.startsWith(PACKED) ? inflated(packed.substring(PACKED.length())) : packed;
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split("\n", -1))
                        .map(PackedLines::unescaped)
                        .toList();
    }

    private static String inflated(String base64) {
        try (GZIPInputStream gzip =
                new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(base64)))) {
            return new String(gzip.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("packed lines of a context are damaged", e);
        }
    }

    /** A file name may hold a line end. */
    private static String escaped(String line) {
        return line.replace("\\", "\\\\").replace("\n", "\\n");
    }

    private static String unescaped(String line) {
        if (line.indexOf('\\') < 0) {
            return line;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\') {
                i++;
                c = line.charAt(i) == 'n' ? '\n' : line.charAt(i);
            }
            text.append(c);
        }
        return text.toString();
    }
}
