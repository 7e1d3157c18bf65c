using Subbyte.Kernels;

namespace Subbyte.Tests.Kernels;

[Collection(InstructionSetCollection.Name)]
public sealed class CodeMapTests
{
    private static readonly byte[] Identity = Arrays.Of(256, Counter());
    private readonly Random _random = new(8);

    [Fact]
    public void Tables_map_bytes_on_every_instruction_set()
    {
        var table = Arrays.Bytes(_random, 256);
        var wide = Arrays.Shorts(_random, 256);
        foreach (var length in Lengths())
        {
            var codes = Arrays.Bytes(_random, length);
            InstructionSets.ForEach(set =>
            {
                var d = new byte[length];
                TableLookup.Map(codes, table, d);
                d.ShouldBe(codes.Select(c => table[c]), $"{set}, {length}");
                TableLookup.Map(codes, table, d.AsSpan());
                var w = new short[length];
                TableLookup.Map(codes, wide, w);
                w.ShouldBe(codes.Select(c => wide[c]), $"{set}, {length}");
            });
        }
    }

    [Fact]
    public void Every_code_reaches_its_own_entry() => InstructionSets.ForEach(_ =>
    {
        var inPlace = Enumerable.Range(0, 512).Select(i => (byte)(i & 255)).ToArray();
        TableLookup.Map(inPlace, Identity.Select(b => (byte)(255 - b)).ToArray(), inPlace);
        inPlace.ShouldBe(Enumerable.Range(0, 512).Select(i => (byte)(255 - (i % 256))));
    });

    [Fact]
    public void Tables_map_16_bit_codes_from_their_lowest()
    {
        var table = Arrays.Shorts(_random, 300);
        var codes = Arrays.Of(77, () => (short)_random.Next(-100, 200));
        var d = new short[77];
        TableLookup.Map(codes, -100, table, d);
        d.ShouldBe(codes.Select(c => table[c + 100]));
        Should.Throw<IndexOutOfRangeException>(() => TableLookup.Map([(short)-101], -100, table, new short[1]));
        Should.Throw<IndexOutOfRangeException>(() => TableLookup.Map([(short)200], -100, table, new short[1]));
    }

    [Fact]
    public void A_code_whose_partner_is_zero_survives()
    {
        byte[] trim = Arrays.Bytes(_random, 256), survivor = Arrays.Bytes(_random, 256);
        foreach (var length in Lengths())
        {
            var codes = Arrays.Of(length, () => (byte)(_random.Next(2) * _random.Next(256)));
            var expected = codes.Select((c, i) => ((i ^ 1) < length ? codes[i ^ 1] : 0) == 0 ? survivor[c] : trim[c]).ToArray();
            InstructionSets.ForEach(set =>
            {
                var d = new byte[length];
                PairMap.Map(codes, trim, survivor, d);
                d.ShouldBe(expected, $"{set}, {length}");
                var inPlace = (byte[])codes.Clone();
                PairMap.Map(inPlace, trim, survivor, inPlace);
                inPlace.ShouldBe(expected, $"{set}, {length}, in place");
            });
        }
    }

    [Fact]
    public void Widening_keeps_every_code()
    {
        for (var length = 0; length < 70; length++)
        {
            var codes = Arrays.Bytes(_random, length);
            InstructionSets.ForEach(_ =>
            {
                var d = new short[length];
                CodeConversion.Widen(codes, d);
                d.ShouldBe(codes.Select(c => (short)c));
            });
        }
    }

    [Fact]
    public void Wrong_lengths_are_refused()
    {
        Should.Throw<ArgumentException>(() => TableLookup.Map(new byte[3], Identity, new byte[2]));
        Should.Throw<ArgumentException>(() => TableLookup.Map(new byte[3], new byte[255], new byte[3]));
        Should.Throw<ArgumentException>(() => PairMap.Map(new byte[3], Identity, new byte[1], new byte[3]));
        Should.Throw<ArgumentException>(() => PairMap.Map(new byte[3], Identity, Identity, new byte[4]));
        Should.Throw<ArgumentException>(() => CodeConversion.Widen(new byte[3], new short[4]));
    }

    private static IEnumerable<int> Lengths() => Enumerable.Range(0, 140).Concat([255, 256, 257, 287, 288, 319, 320, 321, 1000, 1001]);

    private static Func<byte> Counter()
    {
        var next = 0;
        return () => (byte)(next++ & 255);
    }
}
