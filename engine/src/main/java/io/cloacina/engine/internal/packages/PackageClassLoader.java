package io.cloacina.engine.internal.packages;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Loads the classes of one package from memory. They see the JDK, the API of workflows, and the classes in their own jar, but
 * nothing of the application or of other packages. Thread safe.
 */
final class PackageClassLoader extends ClassLoader {
    static {
        registerAsParallelCapable();
    }

    private final Map<String, byte[]> entries;

    /** @param name names the loader in messages and stack traces */
    PackageClassLoader(String name, Map<String, byte[]> entries) {
        super(name, new Shared());
        this.entries = entries;
    }

    /** Loads the classes that packages share with the engine. */
    private static final class Shared extends ClassLoader {
        static {
            registerAsParallelCapable();
        }

        private static final List<String> PREFIXES = List.of(
                "io.cloacina.api.", "org.slf4j.", "org.jspecify.annotations.", "com.fasterxml.jackson.annotation.");

        Shared() {
            super("cloacina-shared", getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (PREFIXES.stream().noneMatch(name::startsWith)) {
                throw new ClassNotFoundException(name);
            }
            ClassLoader engines = Objects.requireNonNull(Shared.class.getClassLoader(), "that of the application");
            return Class.forName(name, false, engines);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] file = entries.get(name.replace('.', '/') + ".class");
        if (file == null) {
            throw new ClassNotFoundException(name + " is not in the " + getName()
                    + ", nor in what packages share with the engine: the JDK, io.cloacina.api and org.slf4j");
        }
        return defineClass(name, file, 0, file.length);
    }

    @Override
    protected @Nullable URL findResource(String name) {
        byte[] file = entries.get(name);
        if (file == null) {
            return null;
        }
        try {
            return new URL("cloacina-package", "", -1, "/" + name, new InMemory(file));
        } catch (MalformedURLException e) {
            throw new IllegalStateException("the handler is given", e);
        }
    }

    @Override
    protected Enumeration<URL> findResources(String name) {
        URL found = findResource(name);
        return found == null ? Collections.emptyEnumeration() : Collections.enumeration(List.of(found));
    }

    private static final class InMemory extends URLStreamHandler {
        private final byte[] file;

        InMemory(byte[] file) {
            this.file = file;
        }

        @Override
        protected URLConnection openConnection(URL url) {
            return new URLConnection(url) {
                @Override
                public void connect() {}

                @Override
                public InputStream getInputStream() {
                    return new ByteArrayInputStream(file);
                }

                @Override
                public long getContentLengthLong() {
                    return file.length;
                }
            };
        }
    }
}
