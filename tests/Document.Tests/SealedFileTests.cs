using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace ExamPlatform.Documents.Tests;

/// <summary>Uploads lie sealed on disk (K3).</summary>
public sealed class SealedFileTests(DocumentFixture service) : IClassFixture<DocumentFixture>
{
    private readonly IFileStore store = service.Services.GetRequiredService<IFileStore>();

    [Theory]
    [InlineData(1)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(200_000)]
    public async Task A_file_is_read_as_it_was_put_whole_and_from_any_place(int length)
    {
        var (id, content) = (Guid.NewGuid(), RandomNumberGenerator.GetBytes(length));
        await store.PutAsync(id, new MemoryStream(content), CancellationToken.None);

        Assert.Equal(content, await service.Kept(id));
        Assert.Equal(DocumentFixture.OnDisk(length), new FileInfo(service.FileOf(id)!).Length);
        await using var kept = await store.OpenAsync(id, CancellationToken.None);
        foreach (var at in (int[])[length / 2, length - 1, 0])
        {
            kept.Position = at;
            var rest = new byte[Math.Min(70_000, length - at)];
            await kept.ReadExactlyAsync(rest);
            Assert.Equal(content[at..(at + rest.Length)], rest);
        }
    }

    [Fact]
    public async Task What_somebody_uploads_is_readable_nowhere_on_disk()
    {
        var planted = "110101199003074514 欧阳𠮷䶮"u8.ToArray();
        var document = await service.Decided(service.Candidate(Guid.NewGuid()), [.. Files.Pdf(3000)[..1000], .. planted, .. Files.Pdf(3000)[1000..]], "application/pdf");

        Assert.True((await service.Kept(document.Id)).AsSpan().IndexOf(planted) > 0);
        Assert.All(Directory.EnumerateFiles(service.StorePath, "*", SearchOption.AllDirectories), file => Assert.True(File.ReadAllBytes(file).AsSpan().IndexOf(planted) < 0, file));
        Assert.DoesNotContain("PDF", Encoding.Latin1.GetString(File.ReadAllBytes(service.FileOf(document.Id)!)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(100)]
    [InlineData(70_000)]
    public async Task A_file_that_was_changed_on_disk_is_not_read(int at)
    {
        var file = await Put(150_000, out var id);
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[at < 0 ? ^1 : 8 + 1 + at] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);

        await Assert.ThrowsAsync<InvalidDataException>(() => service.Kept(id));
    }

    [Theory]
    [InlineData(65_536)]
    [InlineData(100)]
    public async Task A_file_that_was_cut_on_disk_is_not_read(int left)
    {
        var file = await Put(150_000, out var id);
        await using (var cut = File.OpenWrite(file)) cut.SetLength(DocumentFixture.OnDisk(left));

        await Assert.ThrowsAsync<InvalidDataException>(() => service.Kept(id));
    }

    [Fact]
    public async Task A_file_whose_chunks_were_changed_about_is_not_read()
    {
        const int Header = 8 + 61, Chunk = 65_536 + 16;
        var file = await Put(200_000, out var id);
        var bytes = await File.ReadAllBytesAsync(file);
        await File.WriteAllBytesAsync(file, [.. bytes[..Header], .. bytes[(Header + Chunk)..(Header + 2 * Chunk)], .. bytes[Header..(Header + Chunk)], .. bytes[(Header + 2 * Chunk)..]]);

        await Assert.ThrowsAsync<InvalidDataException>(() => service.Kept(id));
    }

    [Fact]
    public async Task What_was_kept_before_files_were_sealed_is_read_as_it_lies()
    {
        var file = await Put(10, out var id);
        await File.WriteAllBytesAsync(file, Files.Pdf(100));

        Assert.Equal(Files.Pdf(100), await service.Kept(id));
    }

    [Fact]
    public async Task A_file_in_the_place_of_another_does_not_open()
    {
        var (one, other) = (await Put(10, out _), await Put(10, out var id));
        File.Copy(one, other, overwrite: true);

        await Assert.ThrowsAsync<InvalidDataException>(() => service.Kept(id));
    }

    private Task<string> Put(int length, out Guid id)
    {
        var made = id = Guid.NewGuid();
        return Put();

        async Task<string> Put()
        {
            await store.PutAsync(made, new MemoryStream(new byte[length]), CancellationToken.None);
            return service.FileOf(made)!;
        }
    }
}
