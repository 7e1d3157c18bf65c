namespace Subbyte.Kernels;

/// <summary>Operands of one register tile of a bit-plane product: some rows of activations against one or two vectors of outputs.</summary>
internal unsafe struct BitTile
{
    /// <summary>First row of activations.</summary>
    public byte* A;

    /// <summary>Bytes from one row of activations to the next.</summary>
    public nint LdA;

    /// <summary>Where each step's words lie in a row, in bytes.</summary>
    public nint* Offsets;

    /// <summary>Steps of <c>k</c>: a word a plane each.</summary>
    public nint Steps;

    /// <summary>Weights of the first vector of outputs.</summary>
    public uint* W;

    /// <summary>Words from one vector of outputs to the next.</summary>
    public nint NextVector;

    /// <summary>First sum.</summary>
    public int* C;

    /// <summary>Sums from one row to the next.</summary>
    public nint LdC;

    /// <summary>Whether the sums go on from what is there.</summary>
    public bool Continues;
}

/// <summary>The register tiles of one bit-plane product.</summary>
internal interface IBitTiles
{
    /// <summary>Most rows of a tile.</summary>
    static abstract int Rows { get; }

    /// <summary>Multiplies a tile.</summary>
    /// <typeparam name="TRows">Rows.</typeparam>
    /// <typeparam name="TVectors">Vectors of outputs.</typeparam>
    /// <param name="tile">Operands.</param>
    static abstract void Run<TRows, TVectors>(ref BitTile tile) where TRows : ICount where TVectors : ICount;
}

/// <summary>The register tiles of one bit-plane product whose lane is a byte.</summary>
internal interface ILaneTiles
{
    /// <summary>Most rows of a tile.</summary>
    static abstract int Rows { get; }

    /// <summary>Outputs of a tile.</summary>
    static abstract int Outputs { get; }

    /// <summary>Most steps of a tile.</summary>
    static abstract int StepsOfTile { get; }

    /// <summary>Multiplies a tile: one vector of outputs, of which 16 neighbours each lie side by side.</summary>
    /// <typeparam name="TRows">Rows.</typeparam>
    /// <param name="tile">Operands.</param>
    static abstract void Run<TRows>(ref BitTile tile) where TRows : ICount;
}
