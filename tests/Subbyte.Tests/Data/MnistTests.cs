using System.Buffers.Binary;
using Subbyte.Data;

namespace Subbyte.Tests.Data;

public sealed class MnistTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void AFolderHasItsSplitsByBeginningAndEnd()
    {
        _folder.Write("train-images-idx3-ubyte.gz", TemporaryFolder.Gzip(DataFiles.Idx([5, 2, 3])));
        _folder.Write("train-labels-idx1-ubyte", DataFiles.Idx([5], 4));
        _folder.Write("t10k-first3-images-idx3-ubyte", DataFiles.Idx([3, 2, 3]));

        var train = DataSpec.Open($"mnist:{_folder.Path}#train");
        (train.Count, train.ClassCount, train.Label(4)).ShouldBe((5, 4, 0));
        train.SampleShape.ToArray().ShouldBe([1, 2, 3]);
        var values = new float[6];
        train.Read(1, values);
        values.ShouldBe([6f, 7f, 8f, 9f, 10f, 11f]);

        var test = DataSpec.Open($"mnist:{_folder.Path}");
        (test.Count, test.Split, test.HasLabels, test.ClassCount).ShouldBe((3, "test", false, null));
        Should.Throw<InvalidOperationException>(() => test.Label(0));
    }

    [Fact]
    public void AFileOfImagesFindsItsLabelsBesideIt()
    {
        var images = _folder.Write("x-images-idx3-ubyte", DataFiles.Idx([5, 2, 3]));
        _folder.Write("x-labels-idx1-ubyte.gz", TemporaryFolder.Gzip(DataFiles.Idx([5], 4)));

        DataSpec.Open($"mnist:{images}#2-").Label(1).ShouldBe(3);
    }

    [Fact]
    public void TruncationAtEveryByteIsRefused()
    {
        var good = DataFiles.Idx([2, 3, 2]);
        for (var length = 0; length < good.Length; length++)
        {
            Refused(good[..length], null);
            Refused(TemporaryFolder.Gzip(good[..length]), null);
        }

        Refused([.. good, 0], "goes on");
    }

    [Theory]
    [InlineData(0, 0x0801, "magic")]
    [InlineData(0, 0x0D03, "magic")]
    [InlineData(4, 0, "at least 1")]
    [InlineData(8, -1, "at least 1")]
    [InlineData(4, int.MaxValue, "bytes")]
    [InlineData(4, 3, "bytes")]
    [InlineData(4, 1, "goes on")]
    public void AHeaderThatDoesNotFitTheFileIsRefused(int offset, int value, string why)
    {
        var bytes = DataFiles.Idx([2, 3, 2]);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(offset), value);
        Refused(bytes, why);
        Refused(TemporaryFolder.Gzip(bytes), null);
    }

    [Fact]
    public void AHeaderOfTheLargestDimensionsTakesNoMemory()
    {
        var bytes = new byte[16];
        bytes.AsSpan().Fill(0x7f);
        BinaryPrimitives.WriteInt32BigEndian(bytes, 0x0803);
        Refused(bytes, "more than one data set may have");
    }

    [Fact]
    public void LabelsOfAnotherSetAreRefused()
    {
        _folder.Write("t10k-images-idx3-ubyte", DataFiles.Idx([5, 2, 3]));
        _folder.Write("t10k-labels-idx1-ubyte", DataFiles.Idx([4], 4));

        Should.Throw<UserErrorException>(() => DataSpec.Open($"mnist:{_folder.Path}")).Message.ShouldContain("4 labels for the 5 images");
    }

    public void Dispose() => _folder.Dispose();

    private void Refused(byte[] bytes, string? why)
    {
        var path = _folder.Write("bad-idx3-ubyte", bytes);
        var message = Should.Throw<UserErrorException>(() => DataSpec.Open($"mnist:{path}")).Message;
        message.ShouldContain(path);
        if (why is not null) message.ShouldContain(why);
    }
}
