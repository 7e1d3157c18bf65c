namespace Subbyte.Tensors;

/// <summary>Element types of a tensor, numbered as in ONNX's <c>TensorProto.DataType</c>.</summary>
public enum ElementType
{
    /// <summary>No type.</summary>
    Undefined = 0,

    /// <summary>IEEE binary32.</summary>
    Float32 = 1,

    /// <summary>Unsigned 8-bit integer.</summary>
    UInt8 = 2,

    /// <summary>Signed 8-bit integer.</summary>
    Int8 = 3,

    /// <summary>Unsigned 16-bit integer.</summary>
    UInt16 = 4,

    /// <summary>Signed 16-bit integer.</summary>
    Int16 = 5,

    /// <summary>Signed 32-bit integer.</summary>
    Int32 = 6,

    /// <summary>Signed 64-bit integer.</summary>
    Int64 = 7,

    /// <summary>Boolean, one byte an element.</summary>
    Boolean = 9,

    /// <summary>IEEE binary16.</summary>
    Float16 = 10,

    /// <summary>IEEE binary64.</summary>
    Float64 = 11,

    /// <summary>Unsigned 32-bit integer.</summary>
    UInt32 = 12,

    /// <summary>Unsigned 64-bit integer.</summary>
    UInt64 = 13,

    /// <summary>bfloat16: the upper half of a binary32.</summary>
    BFloat16 = 16,

    /// <summary>Unsigned 4-bit integer, two an octet, first in the low nibble.</summary>
    UInt4 = 21,

    /// <summary>Two's complement 4-bit integer, two an octet, first in the low nibble.</summary>
    Int4 = 22,

    /// <summary>Unsigned 2-bit integer, four an octet, first in the low bits.</summary>
    UInt2 = 25,

    /// <summary>Two's complement 2-bit integer, four an octet, first in the low bits.</summary>
    Int2 = 26,
}
