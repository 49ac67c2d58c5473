package io.cloacina.engine.model;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.engine.Packages;
import io.cloacina.engine.internal.host.Pem;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/** Signs packages with an Ed25519 key; {@link PackageTrust} verifies the signatures. Immutable, thread safe. */
public final class PackageSigner {
    private final PrivateKey key;

    private PackageSigner(PrivateKey key) {
        this.key = key;
    }

    /** Generates a new key pair. */
    public static KeyPair newKeys() {
        try {
            return KeyPairGenerator.getInstance(PackageTrust.ALGORITHM).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK since 15 has Ed25519", e);
        }
    }

    /** Returns a key as the text of a PEM file, which {@link #of(Path)} reads. */
    public static String pem(PrivateKey key) {
        return text(Pem.PRIVATE, key);
    }

    /** Returns a key as the text of a PEM file, which {@link PackageTrust#keyFiles} reads. */
    public static String pem(PublicKey key) {
        return text(Pem.PUBLIC, key);
    }

    private static String text(Pem kind, Key key) {
        byte[] encoded = Arguments.given("the key", key).getEncoded();
        if (encoded == null) { // it does not leave the device that has it
            throw new CloacinaException(
                    ErrorCodes.INVALID_SIGNING_KEY, "the key cannot be written: it has no encoded form");
        }
        return kind.text(encoded);
    }

    /** A signer with this key. */
    public static PackageSigner of(PrivateKey key) {
        return new PackageSigner(Arguments.given("the key", key));
    }

    /**
     * A signer with the key in a file: PKCS #8 as PEM.
     *
     * @throws CloacinaException if the file cannot be read or has no Ed25519 key
     */
    public static PackageSigner of(Path file) {
        try {
            byte[] encoded = Pem.PRIVATE.read(Arguments.given("the file of the key", file)).stream()
                    .findFirst()
                    .orElseThrow(() -> new CloacinaException(
                            ErrorCodes.INVALID_SIGNING_KEY,
                            Arguments.shortened(file) + " has no private key; it should begin with "
                                    + Pem.PRIVATE.begin()));
            return new PackageSigner(
                    KeyFactory.getInstance(PackageTrust.ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(encoded)));
        } catch (IOException e) {
            throw new CloacinaException(
                    ErrorCodes.INVALID_SIGNING_KEY,
                    "the key in " + Arguments.shortened(file) + " cannot be read: " + Arguments.shortened(e),
                    e);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new CloacinaException(
                    ErrorCodes.INVALID_SIGNING_KEY,
                    "the key in " + Arguments.shortened(file) + " is not an Ed25519 private key: " + e.getMessage(),
                    e);
        }
    }

    /**
     * Returns the signature of a jar as Base64, the content of the file that {@link Packages#upload(Path, Path)} reads.
     */
    public String sign(byte[] jar) {
        try {
            Signature signature = Signature.getInstance(PackageTrust.ALGORITHM);
            signature.initSign(key);
            signature.update(Arguments.given("the bytes of the package", jar));
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new CloacinaException(
                    ErrorCodes.INVALID_SIGNING_KEY, "it cannot be signed with this key: " + e.getMessage(), e);
        }
    }
}
