using Subbyte.Tensors;

namespace Subbyte.Networks;

/// <summary>
/// The value of a node's attribute: a long, float, string, <see cref="Tensor"/>, or a list of longs, floats or strings; what ONNX has beside
/// these (graphs) is kept as read and cannot be executed.
/// </summary>
/// <param name="Value">The value.</param>
public sealed record AttributeValue(object Value)
{
    // Without the casts the conversions would choose the record's copy constructor, and themselves.

    /// <summary>Wraps an integer.</summary>
    /// <param name="value">The value.</param>
    public static implicit operator AttributeValue(long value) => new((object)value);

    /// <summary>Wraps a float.</summary>
    /// <param name="value">The value.</param>
    public static implicit operator AttributeValue(float value) => new((object)value);

    /// <summary>Wraps a string.</summary>
    /// <param name="value">The value.</param>
    public static implicit operator AttributeValue(string value) => new((object)value);

    /// <summary>Wraps a list of integers.</summary>
    /// <param name="value">The value.</param>
    public static implicit operator AttributeValue(long[] value) => new((object)value);

    /// <summary>Wraps a list of floats.</summary>
    /// <param name="value">The value.</param>
    public static implicit operator AttributeValue(float[] value) => new((object)value);

    /// <summary>Wraps a tensor.</summary>
    /// <param name="value">The value.</param>
    public static implicit operator AttributeValue(Tensor value) => new((object)value);
}
