using System.Security.Cryptography;
using Subbyte.Data.Downloads;

namespace Subbyte.Tests.Data.Downloads;

/// <summary>Downloads from a server on this machine.</summary>
public sealed class DownloaderTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FileServer _server = new();
    private readonly List<string> _remarks = [];
    private readonly Downloader _downloader;
    private readonly byte[] _content = new byte[300_000];
    private readonly RemoteFile _file;

    public DownloaderTests()
    {
        new Random(1).NextBytes(_content);
        _file = new RemoteFile("data.bin", _content.Length, Convert.ToHexStringLower(SHA256.HashData(_content)));
        _server.Files["data.bin"] = _content;
        _downloader = new Downloader(new DownloadOptions { Retries = 3, FirstDelay = TimeSpan.FromMilliseconds(5), Remark = _remarks.Add });
    }

    private string Final => _folder["data.bin"];

    private string Part => _folder["data.bin.part"];

    [Fact]
    public async Task AFileIsFetchedOnce()
    {
        var seen = new List<long>();

        (await Fetch(seen.Add)).ShouldBeTrue();
        (await Fetch()).ShouldBeFalse();

        ShouldBeComplete();
        seen.ShouldBeInOrder();
        seen[^1].ShouldBe(_content.Length);
        _server.Requests.ShouldBe(["/set/data.bin"]);
    }

    [Theory]
    [InlineData("\"one\"", "/set/data.bin bytes=1000- \"one\"")]
    [InlineData(null, "/set/data.bin bytes=1000-")]
    public async Task APartIsGoneOnWith(string? tag, string request)
    {
        _folder.Write("data.bin.part", _content[..1000]);
        if (tag is not null) _folder.Write("data.bin.part.tag", tag);
        var seen = new List<long>();

        await Fetch(seen.Add);

        ShouldBeComplete();
        seen[0].ShouldBeGreaterThan(1000);
        _server.Requests.ShouldBe([request]);
    }

    [Fact]
    public async Task AServerWithoutRangesSendsAllAgain()
    {
        _server.KnowsRanges = false;
        _folder.Write("data.bin.part", new byte[1000]);
        await Fetch();
        ShouldBeComplete();
        _server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task APartOfAnotherVersionIsFetchedAgain()
    {
        _folder.Write("data.bin.part", new byte[1000]);
        _folder.Write("data.bin.part.tag", "\"zero\"");
        await Fetch();
        ShouldBeComplete();
        _server.Requests.ShouldBe(["/set/data.bin bytes=1000- \"zero\""]);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(300_000)]
    [InlineData(400_000)]
    public async Task APartThatDoesNotFitIsFetchedAgain(int length)
    {
        _folder.Write("data.bin.part", new byte[length]);
        await Fetch();
        ShouldBeComplete();
    }

    [Fact]
    public async Task ABrokenConnectionIsTriedAgainFromWhereItBroke()
    {
        _server.Break = (100_000, 2);
        await Fetch();
        ShouldBeComplete();
        _server.Requests.ShouldBe(["/set/data.bin", "/set/data.bin bytes=100000- \"one\"", "/set/data.bin bytes=200000- \"one\""]);
        _remarks.Count.ShouldBe(2);
        _remarks[0].ShouldContain("broke off at byte 100000 of 300000");
    }

    [Fact]
    public async Task AServerThatIsBusyIsTriedAgain()
    {
        _server.Refusal = ("503 Service Unavailable", 2);
        await Fetch();
        ShouldBeComplete();
        _remarks.ShouldAllBe(remark => remark.Contains("503", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AConnectionThatAlwaysBreaksKeepsWhatArrived()
    {
        _server.Break = (10, int.MaxValue);
        var message = (await Should.ThrowAsync<UserErrorException>(() => Fetch())).Message;
        message.ShouldContain("broke off at byte 40 of 300000");
        message.ShouldContain($"40 bytes are kept in {Part}");
        File.ReadAllBytes(Part).ShouldBe(_content[..40]);
        File.Exists(Final).ShouldBeFalse();
    }

    [Fact]
    public async Task ASilentServerIsGivenUp()
    {
        using var hasty = new Downloader(new DownloadOptions { Retries = 1, FirstDelay = TimeSpan.FromMilliseconds(5), Silence = TimeSpan.FromMilliseconds(500) });
        _server.HangAfter = 5000;
        var message = (await Should.ThrowAsync<UserErrorException>(() => hasty.FetchAsync(_server.Address, _file, _folder.Path))).Message;
        message.ShouldContain("silent for");
        // On a busy machine not even the beginning may have come in time; what came is kept.
        (File.Exists(Part) ? new FileInfo(Part).Length : 0).ShouldBeOneOf(0, 5000);
        File.Exists(Final).ShouldBeFalse();
    }

    [Fact]
    public async Task AnotherFileIsNotKept()
    {
        _content[77] ^= 1;
        var message = (await Should.ThrowAsync<UserErrorException>(() => Fetch())).Message;
        message.ShouldContain($"it should be {_file.Sha256}");
        Directory.EnumerateFileSystemEntries(_folder.Path).ShouldBeEmpty();
        _server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task MoreThanTheFileIsNotTaken()
    {
        _server.Files["data.bin"] = new byte[5_000_000];
        (await Should.ThrowAsync<UserErrorException>(() => Fetch())).Message.ShouldContain("sends more than the 300000 bytes");
        File.Exists(Final).ShouldBeFalse();
        new FileInfo(Part).Length.ShouldBeLessThanOrEqualTo(300_000);
    }

    [Fact]
    public async Task AFileThatTheServerLacksIsNotTriedAgain()
    {
        _server.Files.Clear();
        (await Should.ThrowAsync<UserErrorException>(() => Fetch())).Message.ShouldBe($"{_server.Address}data.bin: the server answers 404 Not Found; try --mirror with the address of another copy");
        _server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task AFileOfThatNameWithOtherContentIsLeftAlone()
    {
        _folder.Write("data.bin", "mine");
        (await Should.ThrowAsync<UserErrorException>(() => Fetch())).Message.ShouldContain("is there already");
        File.ReadAllText(Final).ShouldBe("mine");
        _server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task TwoDownloadsOfAFileDoNotMix()
    {
        await using (File.Open(Part, FileMode.Create, FileAccess.Write, FileShare.None))
            (await Should.ThrowAsync<UserErrorException>(() => Fetch())).Message.ShouldContain("wait for the other download");
        File.Exists(Final).ShouldBeFalse();
    }

    [Fact]
    public async Task ACancelledDownloadKeepsItsPart()
    {
        using var cancel = new CancellationTokenSource();
        _server.HangAfter = 70_000;
        await Should.ThrowAsync<OperationCanceledException>(() => Fetch(bytes => { if (bytes >= 70_000) cancel.Cancel(); }, cancel.Token));
        File.ReadAllBytes(Part).ShouldBe(_content[..70_000]);
        File.Exists(Final).ShouldBeFalse();
    }

    public async ValueTask DisposeAsync()
    {
        _downloader.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private Task<bool> Fetch(Action<long>? progress = null, CancellationToken cancellation = default) =>
        _downloader.FetchAsync(_server.Address, _file, _folder.Path, progress, cancellation);

    private void ShouldBeComplete()
    {
        File.ReadAllBytes(Final).ShouldBe(_content);
        Directory.EnumerateFileSystemEntries(_folder.Path).ShouldBe([Final]);
    }
}
