namespace Subbyte.Kernels;

/// <summary>What happens to a value half-way between two integers.</summary>
public enum Rounding
{
    /// <summary>To the even neighbour (IEEE 754, ONNX QuantizeLinear).</summary>
    HalfEven,

    /// <summary>To the neighbour of larger magnitude.</summary>
    HalfAwayFromZero,
}
