namespace Subbyte.Kernels;

/// <summary>A function of one float as a fixed sequence of exactly rounded operations, the same for every number of lanes.</summary>
internal interface IUnaryFunction
{
    /// <summary>The function of each lane.</summary>
    /// <typeparam name="TLanes">How many at a time.</typeparam>
    /// <param name="x">The numbers.</param>
    static abstract TLanes Of<TLanes>(TLanes x) where TLanes : struct, IFloatLanes<TLanes>;
}
