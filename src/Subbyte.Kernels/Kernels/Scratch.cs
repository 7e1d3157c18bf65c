namespace Subbyte.Kernels;

/// <summary>Working memory of the calling thread, kept from call to call so that kernels take none in a steady state.</summary>
/// <typeparam name="T">Element type.</typeparam>
internal static class Scratch<T> where T : unmanaged
{
    [ThreadStatic]
    private static AlignedBuffer<T>? _buffer;

    /// <summary>Memory of at least <paramref name="length"/> elements with arbitrary content, valid until the thread's next call.</summary>
    /// <param name="length">Number of elements.</param>
    public static Span<T> Rent(int length)
    {
        if (_buffer is null || _buffer.Length < length) _buffer = new AlignedBuffer<T>(length);
        return _buffer.Span;
    }
}
