package io.cloacina.engine.internal.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** Keys in text files in the PEM format: Base64 between two lines that name the kind of key. */
public enum Pem {
    PUBLIC,
    PRIVATE;

    private static final int LINE = 64;

    /** A limit far above the size of any key. */
    static final int MAX_BYTES = 1 << 20;

    private final Pattern pattern =
            Pattern.compile(begin() + "(\\s[A-Za-z0-9+/=\\s]++)-----END " + name() + " KEY-----");

    /** The line that begins a key. */
    public String begin() {
        return "-----BEGIN " + name() + " KEY-----";
    }

    /**
     * The keys of this kind in a file, in their order.
     *
     * @throws IllegalArgumentException if one is not Base64
     */
    public List<byte[]> read(Path file) throws IOException {
        return pattern.matcher(text(file))
                .results()
                .map(found -> Base64.getMimeDecoder().decode(found.group(1)))
                .toList();
    }

    /** The text of a small file, which has a key or a signature. */
    public static String text(Path file) throws IOException {
        byte[] bytes = UninterruptibleFiles.firstBytes(file, MAX_BYTES + 1L);
        if (bytes.length > MAX_BYTES) {
            throw new IOException("it has more than " + MAX_BYTES + " bytes");
        }
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    /** The text of a file with one key. */
    public String text(byte[] key) {
        String lines = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(key);
        return begin() + "\n" + lines + "\n-----END " + name() + " KEY-----\n";
    }
}
