package io.cloacina.api;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Identifies the code that a task runs by a text that is the same in every process with the same classes: the names of
 * class and method and a digest of the class file. Values that a lambda captures are not code and do not count, except
 * the class of the object that a method reference such as {@code step::run} is bound to. Where the JDK does not reveal
 * the method, the name of the class is used. Caches what it read; for one build.
 */
final class TaskCode {
    private record ClassFile(ClassLoader loader, String className) {}

    private final Map<ClassFile, String> digests = new HashMap<>();

    String of(Class<?> type) {
        return withDigest(type.getClassLoader(), type.getName());
    }

    String of(Object code) {
        SerializedLambda lambda = serialized(code);
        if (lambda == null) {
            return ofTypeOf(code);
        }
        String className = lambda.getImplClass().replace('/', '.');
        return withDigest(code.getClass().getClassLoader(), className) + " " + lambda.getImplMethodName()
                + lambda.getImplMethodSignature() + receiver(lambda);
    }

    private String receiver(SerializedLambda lambda) {
        boolean bound = lambda.getImplMethodKind() != MethodHandleInfo.REF_invokeStatic
                && lambda.getImplMethodKind() != MethodHandleInfo.REF_newInvokeSpecial
                && lambda.getCapturedArgCount() > 0;
        return bound ? " on " + ofTypeOf(lambda.getCapturedArg(0)) : "";
    }

    private String ofTypeOf(Object object) {
        Class<?> type = object.getClass();
        if (Proxy.isProxyClass(type)) { // numbered as they are made
            return "proxy " + ofTypeOf(Proxy.getInvocationHandler(object));
        }
        return withDigest(type.getClassLoader(), stableName(type.getName()));
    }

    /**
     * Hidden classes are numbered as they are made: {@code Weather$$Lambda$14/0x00007f} is a lambda of {@code Weather}.
     */
    static String stableName(String className) {
        int lambda = className.indexOf("$$Lambda");
        int hidden = className.indexOf('/');
        int end = lambda >= 0 ? lambda : hidden;
        return end >= 0 ? className.substring(0, end) : className;
    }

    private String withDigest(@Nullable ClassLoader loader, String className) {
        // The JDK's own classes change with every update of it.
        return loader == null
                ? className
                : className + digests.computeIfAbsent(new ClassFile(loader, className), TaskCode::digest);
    }

    private static String digest(ClassFile file) {
        String resource = file.className.replace('.', '/') + ".class";
        URL url = file.loader.getResource(resource);
        if (url == null
                || url.toString().startsWith("jrt:/java.")
                || url.toString().startsWith("jrt:/jdk.")) {
            return "";
        }
        try (InputStream bytes = file.loader.getResourceAsStream(resource)) {
            return bytes == null ? "" : " " + hex(bytes.readAllBytes());
        } catch (IOException e) { // the names have to do
            return "";
        }
    }

    /** The SHA-256 of these bytes. */
    static String hex(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static @Nullable SerializedLambda serialized(Object code) {
        if (!code.getClass().isHidden()) {
            return null;
        }
        try {
            Method method = code.getClass().getDeclaredMethod("writeReplace");
            method.setAccessible(true);
            return method.invoke(code) instanceof SerializedLambda lambda ? lambda : null;
        } catch (ReflectiveOperationException
                | RuntimeException e) { // no lambda, or in a module that is closed to this one
            return null;
        }
    }
}
