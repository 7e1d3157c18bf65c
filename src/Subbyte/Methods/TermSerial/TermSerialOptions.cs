using Subbyte.Formats;

namespace Subbyte.Methods.TermSerial;

/// <summary>How an operand is cut into terms.</summary>
public enum TermKind
{
    /// <summary>Canonical signed digits: the fewest signed powers of two.</summary>
    Csd,

    /// <summary>Booth digits of radix 4.</summary>
    Booth,

    /// <summary>The ones of the magnitude.</summary>
    Binary,
}

/// <summary>The tile of an accelerator; the defaults are those of DNNsim's examples.</summary>
public record TileOptions
{
    /// <summary>Number of tiles.</summary>
    [Option("tiles", "tiles that work in lock step", Minimum = 1, Maximum = 1024)]
    public int Tiles { get; set; } = 16;

    /// <summary>Filters of a tile.</summary>
    [Option("rows", "filters that a tile works on at once", Minimum = 1, Maximum = 1024)]
    public int Rows { get; set; } = 16;

    /// <summary>Channels of a brick.</summary>
    [Option("lanes", "channels that are multiplied in a cycle, for each window and filter", Minimum = 1, Maximum = 1024)]
    public int Lanes { get; set; } = 16;
}

/// <summary>Options of <c>dadiannao</c>.</summary>
public sealed record DaDianNaoOptions : TileOptions;

/// <summary>Options of the term-serial machines.</summary>
public abstract record TermSerialOptions : TileOptions
{
    /// <summary>Windows of a tile.</summary>
    [Option("windows", "output positions that a tile works on at once", Minimum = 1, Maximum = 1024)]
    public int Windows { get; set; } = 16;

    /// <summary>How operands are cut into terms.</summary>
    [Option("terms", "terms of an operand: canonical signed digits, Booth digits of radix 4, or the ones of its magnitude")]
    public TermKind Terms { get; set; }

    /// <summary>The encoding of the terms.</summary>
    internal SignedDigitEncoding Encoding => Terms switch
    {
        TermKind.Csd => SignedDigitEncoding.Naf,
        TermKind.Booth => SignedDigitEncoding.Booth4,
        _ => SignedDigitEncoding.Binary,
    };
}

/// <summary>Options of <c>laconic</c>.</summary>
public sealed record LaconicOptions : TermSerialOptions;

/// <summary>Options of <c>bit-pragmatic</c>.</summary>
public sealed record BitPragmaticOptions : TermSerialOptions
{
    /// <summary>Bits of the first-stage shifter.</summary>
    [Option("first-stage", "bits of the first-stage shifter: lanes whose next terms lie within 2^L exponents advance together", Minimum = 0, Maximum = 4, Unit = "bits")]
    public int FirstStage { get; set; } = 2;
}
