using System.Security.Cryptography;
using Subbyte.Data;

namespace Subbyte.Tests.Data;

public sealed class CifarTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AFileOfRecordsIsReadPackedOrNot(bool packed)
    {
        var bytes = DataFiles.Cifar(12);
        var path = _folder.Write("some.bin", packed ? TemporaryFolder.Gzip(bytes) : bytes);

        var data = DataSpec.Open($"cifar10:{path}");

        (data.Count, data.Split, data.ClassCount).ShouldBe((12, "all", 10));
        data.SampleShape.ToArray().ShouldBe([3, 32, 32]);
        data.Label(11).ShouldBe(1);
        var values = new float[3072];
        data.Read(11, values);
        values.ShouldBe(bytes.AsSpan((11 * 3073) + 1).ToArray().Select(value => (float)value));
    }

    [Fact]
    public void TheHashIsThatOfSamplesAndLabelsHoweverTheyArePacked()
    {
        var bytes = DataFiles.Cifar(3);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var record = 1; record < 3; record++)
        {
            hash.AppendData(bytes, (record * 3073) + 1, 3072);
            hash.AppendData([(byte)record, 0, 0, 0]);
        }

        var expected = Convert.ToHexStringLower(hash.GetHashAndReset());
        DataSpec.Open($"cifar10:{_folder.Write("a.bin", bytes)}#1-2").Sha256.ShouldBe(expected);
        DataSpec.Open($"cifar10:{_folder.Write("b.gz", TemporaryFolder.Gzip(bytes))}").Slice(1, 2).Sha256.ShouldBe(expected);
    }

    [Fact]
    public void AFolderHasItsSplitsByName()
    {
        _folder.Write("test_batch.bin", DataFiles.Cifar(2));
        _folder.Write("data_batch_2.bin.gz", TemporaryFolder.Gzip(DataFiles.Cifar(4)));
        _folder.Write("data_batch_1.bin", DataFiles.Cifar(3));
        _folder.Write("jpeg_test_batch.bin", DataFiles.Cifar(9));

        DataSpec.Open($"cifar10:{_folder.Path}").Count.ShouldBe(2);
        DataSpec.Open($"cifar10:{_folder.Path}#test:1-1").Label(0).ShouldBe(1);
        var train = DataSpec.Open($"cifar10:{_folder.Path}#train");
        (train.Count, train.Split).ShouldBe((7, "train"));
        Enumerable.Range(0, 7).Select(train.Label).ShouldBe([0, 1, 2, 0, 1, 2, 3]);
    }

    [Fact]
    public void AnAmbiguousFolderNamesTheFiles()
    {
        _folder.Write("test_batch.bin", DataFiles.Cifar(1));
        _folder.Write("test_batch.bin.gz", DataFiles.Cifar(1));
        _folder.Write("train.bin", DataFiles.Cifar(1));
        _folder.Write("data_batch_1.bin", DataFiles.Cifar(1));

        foreach (var (split, names) in new[] { ("test", "test_batch.bin, test_batch.bin.gz"), ("train", "data_batch_1.bin, train.bin") })
            Should.Throw<UserErrorException>(() => DataSpec.Open($"cifar10:{_folder.Path}#{split}")).Message.ShouldContain(names);
    }

    [Theory]
    [InlineData(0, "whole number")]
    [InlineData(3072, "whole number")]
    [InlineData(3074, "whole number")]
    public void AFileThatIsNotWholeRecordsIsRefused(int length, string why) => Refused(new byte[length], why);

    [Fact]
    public void ALabelBeyondTenClassesIsNamedWithItsOffset()
    {
        var bytes = DataFiles.Cifar(3);
        bytes[3073] = 10;
        Refused(bytes, "byte 3073");
    }

    [Fact]
    public void DamagedGzipIsRefused()
    {
        var packed = TemporaryFolder.Gzip(DataFiles.Cifar(40));
        foreach (var length in new[] { 2, 9, 10, 11, packed.Length / 2, packed.Length - 1 }) Refused(packed[..length], "");
        packed[packed.Length / 2] ^= 0x55;
        Refused(packed, "");
    }

    [Fact]
    public void ABombIsNotUnpacked()
    {
        var packed = TemporaryFolder.Gzip(new byte[65 << 20]);
        Refused(packed, "unpacks to more");
    }

    public void Dispose() => _folder.Dispose();

    private void Refused(byte[] bytes, string why)
    {
        var path = _folder.Write("bad.bin", bytes);
        var message = Should.Throw<UserErrorException>(() => DataSpec.Open($"cifar10:{path}")).Message;
        message.ShouldContain(path);
        message.ShouldContain(why);
    }
}
