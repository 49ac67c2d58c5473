package io.cloacina.engine.model;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Reads the keys of an {@link AesGcmCodec} from a file. */
final class KeyFile {
    /** The id of the key for fingerprints. */
    static final String LIMITS = "limits";

    private static final String INVALID = ErrorCodes.INVALID_PAYLOAD_KEY;

    /** The group may read it, because containers provide secrets that way. */
    private static final Set<PosixFilePermission> FORBIDDEN = PosixFilePermissions.fromString("----w-rwx");

    private KeyFile() {}

    /** The keys by their ids, in the order of the file; they include {@link #LIMITS} and at least one other key. */
    static Map<String, byte[]> read(Path file) {
        String name = Arguments.shortened(file);
        Map<String, byte[]> keys = lines(file, name);
        if (!keys.containsKey(LIMITS) || keys.size() < 2) {
            throw new CloacinaException(
                    INVALID,
                    name + " must have a line '" + LIMITS + ":BASE64' and at least one 'ID:BASE64': make each with"
                            + " 'openssl rand -base64 32'");
        }
        return keys;
    }

    private static Map<String, byte[]> lines(Path file, String name) {
        Map<String, byte[]> keys = new LinkedHashMap<>();
        int number = 0;
        for (String line : text(file, name).lines().map(String::strip).toList()) {
            number++;
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int colon = line.indexOf(':');
            try {
                byte[] key = Base64.getDecoder().decode(line.substring(colon + 1));
                if (colon > 0 && keys.putIfAbsent(line.substring(0, colon), key) == null) {
                    continue;
                }
            } catch (IllegalArgumentException e) {
                // said below: the message of the JDK shows a part of the key
            }
            throw new CloacinaException(
                    INVALID,
                    "line " + number + " of " + name + " is not 'ID:BASE64' with an id that no earlier line has");
        }
        return keys;
    }

    private static String text(Path file, String name) {
        try {
            if (file.getFileSystem().supportedFileAttributeViews().contains("posix")
                    && Files.getPosixFilePermissions(file).stream().anyMatch(FORBIDDEN::contains)) {
                throw new CloacinaException(
                        INVALID,
                        name + " has keys and is accessible to users other than its owner: run 'chmod 600' on it");
            }
            return Files.readString(file, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new CloacinaException(ErrorCodes.NO_FILE, name + " cannot be read: " + Arguments.shortened(e), e);
        }
    }
}
