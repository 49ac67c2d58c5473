package io.cloacina.engine.model;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.engine.internal.host.Pem;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides which packages an engine accepts and loads. A package is code: it runs with all the rights of the process. So
 * an engine loads none by default, and should load only packages that are signed with a known key; otherwise everyone
 * who can write to the database can run any code. Immutable, thread safe.
 */
public final class PackageTrust {
    static final String ALGORITHM = "Ed25519";
    private static final int SIGNATURE_BYTES = 64;

    /** Null for any package. */
    private final @Nullable List<PublicKey> keys;

    private PackageTrust(@Nullable List<PublicKey> keys) {
        this.keys = keys;
    }

    /** Trusts every package, signed or not: for a database that no one else can write to. */
    public static PackageTrust any() {
        return new PackageTrust(null);
    }

    /**
     * Trusts packages that are signed with the private key of one of these public keys.
     *
     * @throws CloacinaException if the collection is empty, or a key is not an Ed25519 key
     */
    public static PackageTrust keys(Collection<PublicKey> trusted) {
        List<PublicKey> keys = Arguments.all("the trusted keys", trusted);
        if (keys.isEmpty()) {
            throw invalid("no key is trusted, so no package could be loaded: give at least one", null);
        }
        for (PublicKey key : keys) {
            if (!(key instanceof EdECPublicKey edwards)) {
                throw invalid("a trusted key is of type " + key.getAlgorithm() + "; it must be Ed25519", null);
            }
            String curve = edwards.getParams().getName();
            if (!curve.equals(ALGORITHM)) {
                throw invalid("a trusted key is of type " + curve + "; it must be Ed25519", null);
            }
        }
        return new PackageTrust(keys);
    }

    /**
     * Trusts packages that are signed with the private key of a public key in one of these PEM files, each with one key
     * or several.
     *
     * @throws CloacinaException if a file cannot be read or has no such key
     */
    public static PackageTrust keyFiles(Path... files) {
        List<PublicKey> all = new ArrayList<>();
        for (Path file : Arguments.<Path>all("the files of the trusted keys", files)) {
            try {
                all.addAll(read(file));
            } catch (IOException e) {
                throw invalid(
                        "the trusted keys in " + Arguments.shortened(file) + " cannot be read: "
                                + Arguments.shortened(e),
                        e);
            }
        }
        return keys(all);
    }

    private static List<PublicKey> read(Path file) throws IOException {
        List<PublicKey> keys = new ArrayList<>();
        try {
            for (byte[] encoded : Pem.PUBLIC.read(file)) {
                keys.add(KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded)));
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw invalid(
                    "a key in " + Arguments.shortened(file) + " is not an Ed25519 public key: " + e.getMessage(), e);
        }
        if (keys.isEmpty()) {
            throw invalid(
                    Arguments.shortened(file) + " has no public key; it should begin with " + Pem.PUBLIC.begin(), null);
        }
        return keys;
    }

    /** The bytes of a signature; empty if it cannot be one. */
    private static Optional<byte[]> signature(String base64) {
        try {
            byte[] bytes = Base64.getMimeDecoder().decode(base64);
            return bytes.length == SIGNATURE_BYTES ? Optional.of(bytes) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Returns why a package is not trusted; empty if it is trusted. */
    public Optional<String> problem(byte[] jar, @Nullable String signature) {
        Optional<byte[]> bytes = signature == null ? Optional.empty() : signature(signature);
        if (signature != null && bytes.isEmpty()) {
            return Optional.of("its signature is not one of Ed25519 as Base64, which has 64 bytes");
        }
        if (keys == null) {
            return Optional.empty();
        }
        if (bytes.isEmpty()) {
            return Optional.of("it is not signed, and only packages that are signed with a trusted key are accepted");
        }
        return keys.stream().anyMatch(key -> isSigned(jar, bytes.get(), key))
                ? Optional.empty()
                : Optional.of("its signature is not one of these bytes by a trusted key");
    }

    private static boolean isSigned(byte[] jar, byte[] signature, PublicKey key) {
        try {
            Signature verification = Signature.getInstance(ALGORITHM);
            verification.initVerify(key);
            verification.update(jar);
            return verification.verify(signature);
        } catch (GeneralSecurityException e) { // no signature at all
            return false;
        }
    }

    private static CloacinaException invalid(String message, @Nullable Exception cause) {
        return new CloacinaException(ErrorCodes.INVALID_SIGNING_KEY, message, cause);
    }
}
