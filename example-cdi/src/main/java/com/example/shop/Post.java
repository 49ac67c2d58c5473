package com.example.shop;

/** The company that carries parcels; who it is, is a bean of the program. */
interface Post {
    /** Sends a parcel and returns its label. */
    String send(int number);

    /** Is told that a parcel was booked. */
    default void notice(int number) {}
}
