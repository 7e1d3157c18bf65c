namespace Subbyte.Kernels;

/// <summary>A small number known to the JIT, so that tiles of all sizes are one method, from which it removes the unused rows.</summary>
internal interface ICount
{
    /// <summary>The number.</summary>
    static abstract int Value { get; }
}

/// <summary>The number 1.</summary>
internal readonly struct One : ICount
{
    /// <inheritdoc/>
    public static int Value => 1;
}

/// <summary>The number 2.</summary>
internal readonly struct Two : ICount
{
    /// <inheritdoc/>
    public static int Value => 2;
}

/// <summary>The number 3.</summary>
internal readonly struct Three : ICount
{
    /// <inheritdoc/>
    public static int Value => 3;
}

/// <summary>The number 4.</summary>
internal readonly struct Four : ICount
{
    /// <inheritdoc/>
    public static int Value => 4;
}

/// <summary>The number 5.</summary>
internal readonly struct Five : ICount
{
    /// <inheritdoc/>
    public static int Value => 5;
}

/// <summary>The number 6.</summary>
internal readonly struct Six : ICount
{
    /// <inheritdoc/>
    public static int Value => 6;
}

/// <summary>The number 7.</summary>
internal readonly struct Seven : ICount
{
    /// <inheritdoc/>
    public static int Value => 7;
}

/// <summary>The number 8.</summary>
internal readonly struct Eight : ICount
{
    /// <inheritdoc/>
    public static int Value => 8;
}

/// <summary>The number 9.</summary>
internal readonly struct Nine : ICount
{
    /// <inheritdoc/>
    public static int Value => 9;
}

/// <summary>The number 10.</summary>
internal readonly struct Ten : ICount
{
    /// <inheritdoc/>
    public static int Value => 10;
}

/// <summary>The number 11.</summary>
internal readonly struct Eleven : ICount
{
    /// <inheritdoc/>
    public static int Value => 11;
}

/// <summary>The number 12.</summary>
internal readonly struct Twelve : ICount
{
    /// <inheritdoc/>
    public static int Value => 12;
}

/// <summary>The number 13.</summary>
internal readonly struct Thirteen : ICount
{
    /// <inheritdoc/>
    public static int Value => 13;
}

/// <summary>The number 14.</summary>
internal readonly struct Fourteen : ICount
{
    /// <inheritdoc/>
    public static int Value => 14;
}
