using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Element types of codes.</summary>
internal static class QuantizedTypes
{
    /// <summary>Whether a type holds codes of QuantizeLinear.</summary>
    /// <param name="type">The type.</param>
    /// <returns>True for integers of 2, 4, 8 and 16 bits.</returns>
    public static bool IsCode(ElementType type) => type is ElementType.Int2 or ElementType.UInt2 or ElementType.Int4 or ElementType.UInt4 or ElementType.Int8 or ElementType.UInt8 or ElementType.Int16 or ElementType.UInt16;
}
