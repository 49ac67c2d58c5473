package io.cloacina.server.http;

/** The methods of HTTP that routes have; HEAD is answered as GET, without a body. */
public enum Method {
    /** Reads. */
    GET,
    /** Does something. */
    POST,
    /** Stores under a name. */
    PUT,
    /** Deletes. */
    DELETE;

    /** Whether requests with this method may change something. */
    public boolean isChange() {
        return this != GET;
    }
}
