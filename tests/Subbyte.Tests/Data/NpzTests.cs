using System.Runtime.InteropServices;
using Subbyte.Data;

namespace Subbyte.Tests.Data;

public sealed class NpzTests : IDisposable
{
    private static readonly byte[] Floats = Bytes<float>(0, 1.5f, -2, 3, 4, 5);

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, byte[]> ElementTypes => new()
    {
        { "<f4", Bytes<float>(0, 1, 2, 3, 4, 5) },
        { "<f8", Bytes<double>(0, 1, 2, 3, 4, 5) },
        { "|u1", [0, 1, 2, 3, 4, 5] },
        { "|i1", [0, 1, 2, 3, 4, 5] },
        { "<i4", Bytes(0, 1, 2, 3, 4, 5) },
        { "<i8", Bytes<long>(0, 1, 2, 3, 4, 5) },
    };

    [Theory]
    [MemberData(nameof(ElementTypes))]
    public void SamplesOfEveryElementTypeAreRead(string descr, byte[] elements)
    {
        var data = Open(("x.npy", DataFiles.Npy(descr, "(2, 1, 3)", elements)), ("y.npy", DataFiles.Npy("<i8", "(2,)", Bytes<long>(4, 0))));
        var values = new float[3];

        data.Read(1, values);

        values.ShouldBe([3f, 4f, 5f]);
        data.SampleShape.ToArray().ShouldBe([1, 3]);
        (data.Count, data.ClassCount, data.Label(0)).ShouldBe((2, 5, 4));
    }

    [Fact]
    public void LabelsMayBeAbsent() => Open(("x.npy", DataFiles.Npy("<f4", "(2, 3)", Floats))).HasLabels.ShouldBeFalse();

    [Theory]
    [InlineData("<f4", "(2, 4)", "truncated")]
    [InlineData("<f4", "(2, 2)", "goes on")]
    [InlineData("<f4", "(6,)", "1 dimensions")]
    [InlineData("<f4", "()", "goes on")]
    [InlineData("<f4", "(2, 0)", "'0'")]
    [InlineData("<f4", "(2, -3)", "no shape")]
    [InlineData("<f4", "(99999999999, 3)", "not a number")]
    [InlineData("<f4", "(2000000000, 2000000000)", "larger than one data set may be")]
    [InlineData("<f4", "(100000000, 3)", "packed bytes are trusted")]
    [InlineData("<f4", "(5000000, 3)", "truncated")]
    [InlineData(">f4", "(2, 3)", "'>f4'")]
    [InlineData("|O", "(2, 3)", "astype")]
    public void AnArrayThatDoesNotFitItsHeaderIsRefused(string descr, string shape, string why) =>
        Refused(why, ("x.npy", DataFiles.Npy(descr, shape, Floats)));

    [Fact]
    public void OtherOrdersNamesAndValuesAreRefused()
    {
        var x = ("x.npy", DataFiles.Npy("<f4", "(2, 3)", Floats));
        Refused("Fortran", ("x.npy", DataFiles.Npy("<f4", "(2, 3)", Floats, fortran: true)));
        Refused("a.npy", ("a.npy", DataFiles.Npy("<f4", "(2, 3)", Floats)));
        Refused("element 1 of record 0", ("x.npy", DataFiles.Npy("<f4", "(2, 3)", Bytes<float>(0, float.NaN, 2, 3, 4, 5))));
        Refused("element 2 of record 1", ("x.npy", DataFiles.Npy("<f8", "(2, 3)", Bytes<double>(0, 1, 2, 3, 4, 1e300))));
        Refused("one label for each", x, ("y.npy", DataFiles.Npy("|u1", "(3,)", [0, 1, 2])));
        Refused("label 1 of y is -1", x, ("y.npy", DataFiles.Npy("|i1", "(2,)", [0, 255])));
        Refused("label 0 of y", x, ("y.npy", DataFiles.Npy("<i8", "(2,)", Bytes<long>(1L << 40, 0))));
        Refused("labels are integers", x, ("y.npy", DataFiles.Npy("<f4", "(2,)", Bytes<float>(0, 1))));
    }

    [Fact]
    public void ABombIsNotUnpacked() =>
        Refused("trusted", ("x.npy", DataFiles.Npy("|u1", "(2, 40000000)", new byte[80_000_000])));

    [Fact]
    public void TruncationAtEveryByteIsRefused()
    {
        var good = DataFiles.Npz(("x.npy", DataFiles.Npy("<f4", "(2, 3)", Floats)));
        for (var length = 0; length < good.Length; length++) RefusedBytes(good[..length], "");
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] Bytes<T>(params T[] values)
        where T : unmanaged => MemoryMarshal.AsBytes<T>(values).ToArray();

    private DataSet Open(params (string Name, byte[] Bytes)[] entries) =>
        DataSpec.Open($"npz:{_folder.Write("a.npz", DataFiles.Npz(entries))}");

    private void Refused(string why, params (string Name, byte[] Bytes)[] entries) => RefusedBytes(DataFiles.Npz(entries), why);

    private void RefusedBytes(byte[] bytes, string why)
    {
        var path = _folder.Write("bad.npz", bytes);
        var message = Should.Throw<UserErrorException>(() => DataSpec.Open($"npz:{path}")).Message;
        message.ShouldContain(path);
        message.ShouldContain(why);
    }
}
