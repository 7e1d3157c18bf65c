using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>8-bit codes as differences from their zero points, in 16 bits.</summary>
internal static class CodeOperands
{
    /// <summary>Refuses what is not a tensor of 8-bit codes.</summary>
    /// <param name="context">The node.</param>
    /// <param name="index">Which input.</param>
    /// <returns>The input.</returns>
    public static TensorType Required(NodeContext context, int index)
    {
        var input = context.Required(index);
        return input.ElementType is ElementType.Int8 or ElementType.UInt8 ? input : throw context.Fail($"input {index} is {input.ElementType}; int8 and uint8 are supported");
    }

    /// <summary>Refuses a zero point of another type than its codes.</summary>
    /// <param name="context">The node.</param>
    /// <param name="index">Which input.</param>
    /// <param name="codes">The codes.</param>
    /// <returns>The zero point, or null where it is absent and 0.</returns>
    public static TensorType? ZeroPoint(NodeContext context, int index, ElementType codes)
    {
        if (context.Optional(index) is not { } zero) return null;
        return zero.ElementType == codes ? zero : throw context.Fail($"zero point {zero} of {codes} codes must be {codes}");
    }

    /// <summary>Subtracts one zero point from a run of codes.</summary>
    /// <param name="codes">8-bit codes.</param>
    /// <param name="start">First code.</param>
    /// <param name="zero">Zero point.</param>
    /// <param name="differences">Takes the differences; its length says how many.</param>
    public static void Subtract(Tensor codes, int start, int zero, Span<short> differences)
    {
        if (codes.ElementType == ElementType.UInt8)
        {
            var bytes = codes.AsSpan<byte>().Slice(start, differences.Length);
            for (var i = 0; i < differences.Length; i++) differences[i] = (short)(bytes[i] - zero);
        }
        else
        {
            var bytes = codes.AsSpan<sbyte>().Slice(start, differences.Length);
            for (var i = 0; i < differences.Length; i++) differences[i] = (short)(bytes[i] - zero);
        }
    }

    /// <summary>One of an 8-bit tensor's elements.</summary>
    /// <param name="codes">Codes, or null: then all are 0.</param>
    /// <param name="index">Which element.</param>
    /// <returns>The code.</returns>
    public static int At(Tensor? codes, int index)
        => codes is null ? 0 : codes.ElementType == ElementType.UInt8 ? codes.Bytes.Span[index] : unchecked((sbyte)codes.Bytes.Span[index]);
}
