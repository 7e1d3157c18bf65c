using System.Formats.Tar;
using System.Security.Cryptography;
using Subbyte.Data;
using Subbyte.Data.Downloads;

namespace Subbyte.Tests.Data.Downloads;

public sealed class DownloadTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FileServer _server = new();
    private readonly Downloader _downloader = new(new DownloadOptions { Retries = 1, FirstDelay = TimeSpan.FromMilliseconds(5) });

    [Fact]
    public void EverySetThatIsKnownIsWellDescribed()
    {
        DownloadableSet.Names.ShouldBe(["cifar10", "fashion-mnist", "mnist"]);
        foreach (var set in DownloadableSet.Names.Select(DownloadableSet.Find))
        {
            set.Home.Scheme.ShouldBe("https");
            DataKinds.All.Select(kind => kind.Name).ShouldContain(set.Kind);
            set.Files.Select(file => file.Sha256).Distinct().Count().ShouldBe(set.Files.Count);
        }

        Should.Throw<UserErrorException>(() => DownloadableSet.Find("imagenet")).Message.ShouldContain("there are cifar10, fashion-mnist, mnist");
    }

    [Fact]
    public async Task FilesAreFetchedThatTheKindReads()
    {
        var set = Set("mnist", ("t10k-images-idx3-ubyte.gz", TemporaryFolder.Gzip(DataFiles.Idx([3, 4, 5]))), ("t10k-labels-idx1-ubyte.gz", TemporaryFolder.Gzip(DataFiles.Idx([3], 3))));
        var seen = new List<(long Done, long Total)>();

        var fetched = await Download.RunAsync(set, _folder["out"], _downloader, (done, total) => seen.Add((done, total)));

        fetched.ShouldBe(["t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"]);
        seen[^1].ShouldBe((seen[0].Total, seen[0].Total));
        DataSpec.Open($"mnist:{_folder["out"]}").Count.ShouldBe(3);
        (await Download.RunAsync(set, _folder["out"], _downloader)).ShouldBeEmpty();
    }

    [Fact]
    public async Task MembersAreTakenOutOfTheArchiveByTheirPlainNames()
    {
        var set = Set("cifar10", ("a.tar.gz", Archive(("deep/../../test_batch.bin", DataFiles.Cifar(2)), ("readme.html", [1]), ("x/data_batch_1.bin", DataFiles.Cifar(3))))) with { Members = ["test_batch.bin", "data_batch_1.bin"] };

        await Download.RunAsync(set, _folder["out"], _downloader);

        Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Select(Path.GetFileName).ShouldBe(["test_batch.bin", "data_batch_1.bin"], ignoreOrder: true);
        DataSpec.Open($"cifar10:{_folder["out"]}#train").Count.ShouldBe(3);
        (await Download.RunAsync(set, _folder["out"], _downloader)).ShouldBeEmpty();
        _server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task AnArchiveThatLacksAMemberOrIsNoneIsRefused()
    {
        var lacking = Set("cifar10", ("a.tar.gz", Archive(("readme.html", [1])))) with { Members = ["test_batch.bin"] };
        (await Should.ThrowAsync<UserErrorException>(() => Download.RunAsync(lacking, _folder["out"], _downloader))).Message.ShouldContain("has no member test_batch.bin");
        var other = Set("cifar10", ("b.tar.gz", [1, 2, 3])) with { Members = ["test_batch.bin"] };
        (await Should.ThrowAsync<UserErrorException>(() => Download.RunAsync(other, _folder["out"], _downloader))).Message.ShouldContain("cannot be unpacked");
    }

    [Theory]
    [InlineData("files: [../a]\nbytes: 1", "plain file name")]
    [InlineData("files: [a, b]\nbytes: 1", "as many")]
    [InlineData("files: a\nbytes: 1\nmembers: [/etc/passwd]", "plain file name")]
    [InlineData("files: a\nbytes: 0", "whole numbers from 1 on")]
    public void ABadDescriptionIsRefused(string lines, string text)
    {
        var yaml = YamlMapping.Parse($"description: d\nhome: https://h/\nuse: mnist\n{lines}\nsha256: {new string('0', 64)}", "s.yaml");
        Should.Throw<UserErrorException>(() => DownloadableSet.From(yaml, "s")).Message.ShouldContain(text);
        Should.Throw<UserErrorException>(() => DownloadableSet.Find("mnist").At("ftp://h/")).Message.ShouldContain("not an http or https address");
    }

    public async ValueTask DisposeAsync()
    {
        _downloader.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private static byte[] Archive(params (string Name, byte[] Content)[] members)
    {
        using var packed = new MemoryStream();
        using (var tar = new TarWriter(packed, TarEntryFormat.Ustar, leaveOpen: true))
            foreach (var (name, content) in members) tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
        return TemporaryFolder.Gzip(packed.ToArray());
    }

    private DownloadableSet Set(string kind, params (string Name, byte[] Content)[] files)
    {
        foreach (var (name, content) in files) _server.Files[name] = content;
        return DownloadableSet.Find("mnist").At(_server.Address.ToString()) with
        {
            Kind = kind,
            Files = [.. files.Select(file => new RemoteFile(file.Name, file.Content.Length, Convert.ToHexStringLower(SHA256.HashData(file.Content))))],
        };
    }
}
