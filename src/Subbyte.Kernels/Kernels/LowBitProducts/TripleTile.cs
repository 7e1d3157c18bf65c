namespace Subbyte.Kernels;

/// <summary>Where the tables of a step of up to three triples lie.</summary>
/// <param name="Offset">Bytes from the tile's first table.</param>
/// <param name="Triples">How many triples it has.</param>
internal readonly record struct TripleStep(nint Offset, nint Triples);

/// <summary>Operands of one register tile of products by table.</summary>
internal unsafe struct TripleTile
{
    /// <summary>Tables of the first row's pixel; those of the next rows follow.</summary>
    public byte* Tables;

    /// <summary>Where the tables of each step lie.</summary>
    public TripleStep* Steps;

    /// <summary>Indices: the panels of a step side by side.</summary>
    public ushort* W;

    /// <summary>Steps of each part of the sums that fits 16 bits.</summary>
    public int* Segments;

    /// <summary>Number of parts.</summary>
    public nint SegmentCount;

    /// <summary>Room for the upper parts of the sums: a vector a panel, row by row.</summary>
    public short* High;

    /// <summary>Whether the sums go on from what is there, or begin at zero.</summary>
    public bool Continues;

    /// <summary>First sum.</summary>
    public int* C;

    /// <summary>Elements from one row of sums to the next.</summary>
    public nint LdC;
}
