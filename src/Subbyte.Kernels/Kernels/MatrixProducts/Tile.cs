namespace Subbyte.Kernels;

/// <summary>Operands of one register tile: some rows of <c>a</c>, some panels of weights, a block of steps of <c>k</c>.</summary>
internal unsafe struct Tile
{
    /// <summary>First row of <c>a</c>, at the block's first step.</summary>
    public byte* A;

    /// <summary>Bytes from one row of <c>a</c> to the next.</summary>
    public nint LdA;

    /// <summary>First panel, at the block's first step: 16 lanes a step.</summary>
    public int* W;

    /// <summary>Lanes from one panel to the next.</summary>
    public nint PanelLength;

    /// <summary>Number of steps of a run.</summary>
    public nint Steps;

    /// <summary>Runs that a row of <c>a</c> consists of, at least 1: one in a matrix, one for each kernel row where a patch is read in place.</summary>
    public nint Runs;

    /// <summary>Bytes of <c>a</c> from the end of one run to the beginning of the next.</summary>
    public nint Skip;

    /// <summary>First sum: 16 lanes a panel, side by side.</summary>
    public int* C;

    /// <summary>Lanes from one row of sums to the next.</summary>
    public nint LdC;

    /// <summary>Whether the sums go on from what is there, or begin at zero.</summary>
    public bool Continues;

    /// <summary>Steps after which sums of 16 bits must be widened, for the tiles that have them.</summary>
    public nint StepsOfShortSum;
}
