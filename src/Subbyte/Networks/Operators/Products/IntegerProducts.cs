using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Element types of integer matrix products.</summary>
internal static class IntegerProducts
{
    /// <summary>Whether matrices of a type are multiplied in integers.</summary>
    /// <param name="type">The type.</param>
    /// <returns>True for integers of 32 and 64 bits.</returns>
    public static bool Supports(ElementType type) => type is ElementType.Int32 or ElementType.UInt32 or ElementType.Int64 or ElementType.UInt64;

    /// <summary>Whether a product of integers can be multiplied by a factor.</summary>
    /// <param name="value">The factor.</param>
    /// <returns>True for integers that 32 bits hold.</returns>
    public static bool IsFactor(float value) => value == MathF.Truncate(value) && Math.Abs(value) <= 1 << 30;
}
