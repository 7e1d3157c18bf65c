using System.Buffers.Binary;

namespace Subbyte.Runtime.Tests.Packing;

/// <summary>A damaged or hostile file is an error that names an offset, or a network that runs; never anything else.</summary>
public sealed class HostileFileTests
{
    [Fact]
    public void Mutated_files_are_refused_or_run() => Mutate(files: 12, mutantsOfFile: 100);

    [Fact]
    [Trait("Speed", "Slow")]
    public void Fifty_thousand_mutated_files_are_refused_or_run() => Mutate(files: 60, mutantsOfFile: 850);

    [Fact]
    public void Files_that_are_none_are_named_with_their_offset()
    {
        var file = SampleNetworks.Files(1).Single();
        Refused([], "offset 0");
        Refused(new byte[500], "offset 0");
        Refused(file[..^1], "offset 16");
        var damaged = (byte[])file.Clone();
        damaged[^1] ^= 1;
        Refused(damaged, "offset 64");
        var later = (byte[])file.Clone();
        later[8] = PackedFile.Version + 1;
        Refused(later, $"version {PackedFile.Version + 1}");
    }

    [Fact]
    public void What_is_read_is_written_again_as_it_was()
    {
        foreach (var file in SampleNetworks.Files(12)) PackedNetwork.Read(file).ToFile().ShouldBe(file);
    }

    private static void Refused(byte[] file, string text) => Should.Throw<PackedFormatException>(() => PackedNetwork.Read(file)).Message.ShouldContain(text);

    private static void Mutate(int files, int mutantsOfFile)
    {
        var random = new Random(1);
        var (refused, ran) = (0, 0);
        foreach (var file in SampleNetworks.Files(files))
        {
            for (var i = 0; i < mutantsOfFile; i++)
            {
                if (Runs(Mutant(file, random))) ran++;
                else refused++;
            }
        }

        refused.ShouldBeGreaterThan(0);
        ran.ShouldBeGreaterThan(0, "mutants of the weights still run");
    }

    private static byte[] Mutant(byte[] file, Random random)
    {
        var mutant = (byte[])file.Clone();
        var graph = (int)BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(24));
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            // Mostly the graph, where the sizes are.
            var at = random.Next(4) == 0 ? random.Next(mutant.Length - 4) : PackedFile.HeaderBytes + random.Next(Math.Max(1, graph - 4));
            switch (random.Next(5))
            {
                case 0: mutant[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: BinaryPrimitives.WriteInt32LittleEndian(mutant.AsSpan(at), random.Next(4) switch { 0 => int.MaxValue, 1 => int.MinValue, 2 => -1, _ => random.Next(100) }); break;
                case 2: BinaryPrimitives.WriteInt32LittleEndian(mutant.AsSpan(at), unchecked(BinaryPrimitives.ReadInt32LittleEndian(mutant.AsSpan(at)) + random.Next(-2, 3))); break;
                case 3: random.NextBytes(mutant.AsSpan(at, random.Next(1, 5))); break;
                default: mutant.AsSpan(at, 4).Clear(); break;
            }
        }

        // Who means harm writes the right checksum.
        if (random.Next(20) == 0) mutant = mutant[..random.Next(mutant.Length)];
        else if (random.Next(20) != 0) PackedFile.Seal(mutant);
        return mutant;
    }

    private static bool Runs(byte[] file)
    {
        try
        {
            using var session = new SubbyteSession(PackedNetwork.Read(file));
            var output = new float[session.OutputLength];
            session.Run(new float[session.InputLength], output);
            return true;
        }
        catch (PackedFormatException refusal)
        {
            refusal.Message.ShouldNotContain('\n');
            return false;
        }
        catch (ArgumentException refusal) when (refusal.Message.Contains("is the number of none", StringComparison.Ordinal))
        {
            // A step in between chooses rows of a table that has fewer.
            return false;
        }
    }
}
