namespace Subbyte.Kernels;

/// <summary>A vector of floats whose width the JIT knows, as far as sums of products need it.</summary>
/// <typeparam name="TSelf">The vector.</typeparam>
internal unsafe interface IProductLanes<TSelf> where TSelf : struct, IProductLanes<TSelf>
{
    /// <summary>Number of lanes.</summary>
    static abstract int Count { get; }

    /// <summary>The same number in every lane.</summary>
    static abstract TSelf Create(float value);

    /// <summary>Reads as many numbers as there are lanes.</summary>
    static abstract TSelf Load(float* from);

    /// <summary>Writes as many numbers as there are lanes.</summary>
    void Store(float* to);

    /// <summary><c>a · b + c</c>, rounded once.</summary>
    static abstract TSelf FusedMultiplyAdd(TSelf a, TSelf b, TSelf c);
}
