namespace Subbyte.Kernels;

/// <summary>Neighbouring pixels of which tables are made.</summary>
internal unsafe struct TripleLine
{
    /// <summary>The first pixel.</summary>
    public byte* First;

    /// <summary>Bytes from one pixel to the next.</summary>
    public nint PixelBytes;

    /// <summary>Bytes of a pixel that may be read, at least four and no fewer than its channels.</summary>
    public int Readable;

    /// <summary>Triples of a pixel.</summary>
    public int Triples;

    /// <summary>Pixels.</summary>
    public nint Count;

    /// <summary>Pixels from one output to the next.</summary>
    public nint Stride;

    /// <summary>Room for the pixels with the same remainder of the stride.</summary>
    public nint Slots;
}
