using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Elements of constants as numbers, whatever their type.</summary>
internal static class ConstantElements
{
    /// <summary>All elements as binary64; integers of 64 bits are rounded.</summary>
    /// <param name="tensor">The constant.</param>
    /// <returns>The elements, row-major.</returns>
    public static double[] Doubles(Tensor tensor)
    {
        var values = new double[tensor.Length];
        ElementConversion.Read(tensor, 0, values);
        return values;
    }
}
