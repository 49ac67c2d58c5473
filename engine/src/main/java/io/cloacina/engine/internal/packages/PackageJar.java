package io.cloacina.engine.internal.packages;

import io.cloacina.engine.internal.host.Sha256;
import io.cloacina.engine.internal.json.ErrorText;
import io.cloacina.engine.model.PackageRefusedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The jar of a package, read into memory and checked at once, so that the same bytes are stored, verified and loaded. Its code
 * is not run. Immutable.
 *
 * @param entries the files in it, by name; in a multi-release jar, those for this JVM replace the others
 */
public record PackageJar(PackageManifest manifest, Map<String, byte[]> entries, String hash) {
    private static final int MAX_ENTRIES = 20_000;
    private static final int MAX_NAME = 500;
    private static final int MAX_MANIFEST = 256 << 10;
    private static final String MANIFEST = "META-INF/MANIFEST.MF";
    private static final int FIRST_VERSION = 9;
    private static final String VERSIONS = "META-INF/versions/";

    /** How many times the largest allowed size of a jar its unpacked files may have. */
    private static final int UNPACKED = 8;

    /**
     * Reads and checks a jar.
     *
     * @param what names it in messages, such as {@code package 'orders.jar'}
     * @throws PackageRefusedException if it is not a complete jar, is too large, or its manifest is not that of a package
     */
    public static PackageJar read(byte[] jar, String what, int maxBytes) {
        if (jar.length > maxBytes) {
            throw refused(what, tooLarge(jar.length, maxBytes));
        }
        Map<String, byte[]> entries = new HashMap<>();
        List<String> names = unpack(jar, what, (long) maxBytes * UNPACKED, entries);
        new ZipEnd(jar).problem(names).ifPresent(problem -> {
            throw refused(what, problem);
        });
        Manifest manifest = manifest(entries, what);
        if ("true".equalsIgnoreCase(manifest.getMainAttributes().getValue(Attributes.Name.MULTI_RELEASE))) {
            takeVersions(entries);
        }
        List<String> problems = new ArrayList<>();
        PackageManifest read = PackageManifest.read(manifest, entries, problems);
        if (!problems.isEmpty()) {
            throw new PackageRefusedException(what, problems);
        }
        return new PackageJar(read, Map.copyOf(entries), Sha256.hex(jar));
    }

    static String tooLarge(long bytes, int maxBytes) {
        return "it has " + bytes + " bytes and at most " + maxBytes
                + " are allowed: leave out what it does not need, or raise maxPackageBytes where the engine is built";
    }

    /** Reads all files into {@code entries}. Returns the names of all entries, including directories. */
    private static List<String> unpack(byte[] jar, String what, long mostUnpacked, Map<String, byte[]> entries) {
        List<String> names = new ArrayList<>();
        long left = mostUnpacked;
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(jar))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (names.size() == MAX_ENTRIES) {
                    throw refused(what, "it has more than " + MAX_ENTRIES + " entries");
                }
                String name = entry.getName();
                requireName(name, what);
                names.add(name);
                byte[] content = content(zip, left, what);
                left -= content.length;
                if (!entry.isDirectory() && entries.put(name, content) != null) {
                    throw refused(what, "it has '" + name + "' twice");
                }
            }
        } catch (IOException | IllegalArgumentException e) { // the second: a name that is not UTF-8
            throw refused(what, "it is not a complete jar" + (e.getMessage() == null ? "" : ": " + e.getMessage()));
        }
        if (names.isEmpty()) {
            throw refused(what, "it is not a jar");
        }
        return names;
    }

    private static byte[] content(ZipInputStream zip, long atMost, String what) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        for (int read = zip.read(buffer); read >= 0; read = zip.read(buffer)) {
            if (content.size() + read > atMost) {
                throw refused(
                        what,
                        "its files are more than " + UNPACKED + " times as large as the largest jar that is allowed");
            }
            content.write(buffer, 0, read);
        }
        return content.toByteArray();
    }

    /** The engine creates no files with these names, but readers of the jar may. */
    private static void requireName(String name, String what) {
        String path = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
        boolean isBad = path.length() > MAX_NAME
                || path.indexOf('\\') >= 0
                || path.chars().anyMatch(Character::isISOControl)
                || List.of(path.split("/", -1)).stream()
                        .anyMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
        if (isBad) {
            throw refused(what, "the name of its entry '" + ErrorText.shown(name) + "' is not a path in a jar");
        }
    }

    private static Manifest manifest(Map<String, byte[]> entries, String what) {
        byte[] bytes = entries.get(MANIFEST);
        if (bytes == null) {
            throw refused(what, "it has no manifest");
        }
        if (bytes.length > MAX_MANIFEST) {
            throw refused(what, "its manifest has more than " + MAX_MANIFEST + " bytes");
        }
        try {
            return new Manifest(new ByteArrayInputStream(bytes));
        } catch (IOException | IllegalArgumentException e) {
            throw refused(what, "its manifest cannot be read: " + e.getMessage());
        }
    }

    /** Files for a Java version replace the others, the newest version first, up to the version of this JVM. */
    private static void takeVersions(Map<String, byte[]> entries) {
        Map<String, Integer> taken = new HashMap<>();
        for (Map.Entry<String, byte[]> entry : List.copyOf(entries.entrySet())) {
            if (!entry.getKey().startsWith(VERSIONS)) {
                continue;
            }
            String rest = entry.getKey().substring(VERSIONS.length());
            int slash = rest.indexOf('/');
            int version = slash > 0 && rest.substring(0, slash).matches("[1-9][0-9]{0,3}")
                    ? Integer.parseInt(rest.substring(0, slash))
                    : Integer.MAX_VALUE;
            String name = rest.substring(slash + 1);
            if (version >= FIRST_VERSION
                    && version <= Runtime.version().feature()
                    && taken.getOrDefault(name, 0) < version) {
                taken.put(name, version);
                entries.put(name, entry.getValue());
            }
        }
    }

    private static PackageRefusedException refused(String what, String reason) {
        return new PackageRefusedException(what, List.of(reason));
    }
}
