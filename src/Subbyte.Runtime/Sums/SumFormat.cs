using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>Layers of general sums of products in a file.</summary>
internal static class SumFormat
{
    private const int MostGroups = 1 << 14;
    private const int MostTerms = 256;

    /// <summary>Weights that the kernels of a layer may hold: products that share a plane hold it each.</summary>
    private const long MostPackedWeights = 1 << 28;

    /// <summary>Writes a layer.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="parts">What it consists of.</param>
    /// <param name="stored">Its planes as they are stored.</param>
    public static void Write(PackedWriter writer, SumParts parts, IReadOnlyList<StoredPlane> stored)
    {
        GeometryFormat.Write(writer, parts.Geometry);
        parts.Encoder.Write(writer);
        writer.Int32(parts.Operands.Count);
        foreach (var operand in parts.Operands)
        {
            writer.Int32(operand.Distance);
            writer.Int32(operand.Table.Length == 0 ? 0 : 1);
            if (operand.Table.Length > 0) writer.Block<short>(operand.Table);
            if (operand.Distance > 0) writer.Block<short>(operand.Alone);
        }

        writer.Int32(stored.Count);
        foreach (var plane in stored) plane.Write(writer);
        writer.Int32(parts.Groups.Count);
        foreach (var group in parts.Groups)
        {
            writer.Int32(group.First);
            writer.Int32(group.Length);
            writer.Int32(group.Terms.Count);
            foreach (var term in group.Terms) writer.Int32s([term.Operand, term.Plane, term.Coefficient]);
            writer.OptionalBlock(group.Offsets);
            writer.Block<float>(group.Scales);
        }

        writer.OptionalBlock(parts.Bias);
        writer.Single(parts.Lowest);
        writer.Single(parts.Highest);
    }

    /// <summary>Reads a layer.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="place">Where it stands.</param>
    /// <returns>What it consists of, and its planes as they are stored.</returns>
    /// <exception cref="PackedFormatException">It is none, or does not fit its values.</exception>
    public static (SumParts Parts, StoredPlane[] Stored) Read(PackedReader reader, StepPlace place)
    {
        var geometry = GeometryFormat.Read(reader, place.InputLength, place.OutputLength);
        var encoder = BaseEncoder.Read(reader, geometry.InChannels);
        var operands = new SumOperand[reader.Int32(1, SumParts.MostOperands, "the number of operands")];
        for (var i = 0; i < operands.Length; i++) operands[i] = ReadOperand(reader, encoder);
        var stored = new StoredPlane[reader.Int32(1, SumParts.MostPlanes, "the number of planes")];
        var planes = new short[stored.Length][];
        for (var i = 0; i < stored.Length; i++)
        {
            stored[i] = StoredPlane.Read(reader, (long)geometry.OutChannels * geometry.Depth);
            planes[i] = stored[i].Decode(reader, (long)geometry.OutChannels * geometry.Depth);
        }

        var groups = new SumGroup[reader.Int32(1, MostGroups, "the number of groups")];
        long packed = 0;
        for (var i = 0; i < groups.Length; i++)
        {
            groups[i] = ReadGroup(reader, geometry, operands.Length, planes.Length);
            packed += SumTermProduct.PaddedLength(geometry, groups[i]) * groups[i].Terms.Count;
            if (packed > MostPackedWeights) throw reader.Fail($"the products of a layer have more than {MostPackedWeights} weights together");
        }

        var parts = new SumParts
        {
            Geometry = geometry,
            Encoder = encoder,
            Operands = operands,
            Planes = planes,
            Groups = groups,
            Bias = reader.OptionalSingles(geometry.OutChannels, "biases"),
            Lowest = reader.Single("the lower end"),
            Highest = reader.Single("the upper end"),
        };
        return (parts, stored);
    }

    private static SumOperand ReadOperand(PackedReader reader, BaseEncoder encoder)
    {
        var distance = reader.Int32(0, 3, "the distance of partners");
        if (distance > 0 && encoder.Lowest != 0) throw reader.Fail($"codes that look at their partners begin at 0, not at {encoder.Lowest}");
        if (reader.Int32(distance > 0 ? 1 : 0, 1, "whether there is a table") == 0) return new SumOperand([], [], 0);
        var table = reader.Block<short>(encoder.Count, "codes of an operand").ToArray();
        return new SumOperand(table, distance == 0 ? [] : reader.Block<short>(encoder.Count, "codes without a partner").ToArray(), distance);
    }

    private static SumGroup ReadGroup(PackedReader reader, ConvolutionGeometry geometry, int operands, int planes)
    {
        var first = reader.Int32(0, geometry.Depth - 1, "the first element of a group");
        var length = reader.Int32(1, geometry.Depth - first, "the length of a group");
        var terms = new SumTerm[reader.Int32(1, MostTerms, "the number of products of a group")];
        for (var i = 0; i < terms.Length; i++)
        {
            if (reader.Int32s(3, int.MinValue, int.MaxValue, "a product") is not [var operand, var plane, var coefficient] || (uint)operand >= (uint)operands || (uint)plane >= (uint)planes)
                throw reader.Fail("a product has no operand, plane and coefficient");
            terms[i] = new SumTerm(operand, plane, coefficient);
        }

        return new SumGroup(first, length, terms, reader.OptionalInt64s(geometry.OutChannels, "offsets"), reader.Block<float>(geometry.OutChannels, "scales").ToArray());
    }
}
