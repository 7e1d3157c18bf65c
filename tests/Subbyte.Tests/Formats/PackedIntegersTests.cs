using Subbyte.Formats;
using Subbyte.Tensors;

namespace Subbyte.Tests.Formats;

public class PackedIntegersTests
{
    public static TheoryData<ElementType, int, int> Types => new() { { ElementType.Int4, -8, 7 }, { ElementType.UInt4, 0, 15 }, { ElementType.Int2, -2, 1 }, { ElementType.UInt2, 0, 3 } };

    [Fact]
    public void Vectors_of_the_specification_hold_both_ways()
    {
        foreach (var row in VectorTable.Read("Formats/packing.vectors.txt"))
        {
            var type = Enum.Parse<ElementType>(row["type"]);
            short[] codes = [.. row.Integers("codes").Select(code => (short)code)];
            Convert.ToHexStringLower(PackedIntegers.Pack(codes, type)).ShouldBe(row["bytes"], row.ToString());
            var unpacked = new short[codes.Length];
            PackedIntegers.Unpack(Convert.FromHexString(row["bytes"]), type, unpacked);
            unpacked.ShouldBe(codes, row.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Any_number_of_codes_survives(ElementType type, int lowest, int highest)
    {
        var random = new Random(4);
        for (var count = 0; count < 40; count++)
        {
            var codes = new short[count];
            for (var i = 0; i < count; i++) codes[i] = (short)random.Next(lowest, highest + 1);
            var unpacked = new short[count];
            PackedIntegers.Unpack(PackedIntegers.Pack(codes, type), type, unpacked);
            unpacked.ShouldBe(codes);
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Codes_outside_the_type_are_refused(ElementType type, int lowest, int highest)
    {
        Should.Throw<ArgumentOutOfRangeException>(() => PackedIntegers.Pack([(short)(lowest - 1)], type));
        Should.Throw<ArgumentOutOfRangeException>(() => PackedIntegers.Pack([(short)(highest + 1)], type));
    }

    [Fact]
    public void Missing_bytes_and_other_types_are_refused()
    {
        Should.Throw<ArgumentException>(() => PackedIntegers.Unpack([0], ElementType.Int4, new short[3]));
        Should.Throw<ArgumentOutOfRangeException>(() => PackedIntegers.Pack([0], ElementType.Int8));
    }
}
