namespace Subbyte.Tests.Kernels;

/// <summary>Seeded operands.</summary>
internal static class Arrays
{
    public static T[] Of<T>(int length, Func<T> next)
    {
        var values = new T[length];
        for (var i = 0; i < length; i++) values[i] = next();
        return values;
    }

    public static float[] Floats(Random random, int length) => Of(length, () => (random.NextSingle() * 2) - 1);

    public static byte[] Bytes(Random random, int length, int largest = 255) => Of(length, () => (byte)random.Next(largest + 1));

    public static sbyte[] SBytes(Random random, int length, int largest = 128)
        => Of(length, () => (sbyte)random.Next(-largest, Math.Min(largest, 127) + 1));

    public static short[] Shorts(Random random, int length, int largest = 32768)
        => Of(length, () => (short)random.Next(-largest, Math.Min(largest, 32767) + 1));
}
