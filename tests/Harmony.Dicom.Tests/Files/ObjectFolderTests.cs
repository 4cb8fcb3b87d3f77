using System.Text;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;

namespace Harmony.Dicom.Tests.Files;

public sealed class ObjectFolderTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("harmony-objects-").FullName;

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public async Task Save_ObjectFromANetwork_IsAFileOfItsUid()
    {
        var folder = new ObjectFolder(Path.Combine(_path, "new"));
        var saved = await folder.SaveAsync(MetaOf("1.2.3"), new MemoryStream("\u0010\0\u0020\0LO\u0004\0PID1"u8.ToArray()), CancellationToken.None);
        Assert.Equal(Path.Combine(folder.FolderPath, "1.2.3.dcm"), saved);
        var file = await DicomFile.OpenAsync(saved);
        Assert.Equal(("PID1", "SENDER", TransferSyntax.ExplicitVRLittleEndian),
            (file.DataSet.GetString(DicomTag.PatientID), file.Meta.SourceApplicationEntityTitle, file.TransferSyntax));
        Assert.Single(Directory.EnumerateFileSystemEntries(folder.FolderPath));
    }

    /// <summary>threats.md: no path is ever built from a UID without validation.</summary>
    [Theory]
    [InlineData("../../1.2.3")]
    [InlineData("/tmp/1.2.3")]
    [InlineData("1.2.3/../../x")]
    [InlineData("1.2;3")]
    [InlineData("..")]
    public async Task Save_WhatIsNoUid_IsNoFileName(string uid)
    {
        var folder = new ObjectFolder(Path.Combine(_path, "in"));
        var saved = await folder.SaveAsync(MetaOf(uid), new MemoryStream(), CancellationToken.None);
        Assert.Equal(folder.FolderPath, Path.GetDirectoryName(saved));
        Assert.Single(Directory.EnumerateFileSystemEntries(_path, "*", SearchOption.AllDirectories), f => f.EndsWith(".dcm", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Save_SenderBreaksOff_LeavesNothing()
    {
        var folder = new ObjectFolder(_path);
        await Assert.ThrowsAsync<IOException>(async () => await folder.SaveAsync(MetaOf("1.2.3"), new BrokenStream(), CancellationToken.None));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_path));
    }

    /// <summary>As a reader makes it, who takes what comes.</summary>
    private static FileMetaInformation MetaOf(string uid) => new(
        FileMetaInformation.Create(Uid.CTImageStorage, "1.2", TransferSyntax.ExplicitVRLittleEndian, "SENDER").Elements.ToBuilder()
            .Set(new DicomValue(DicomTag.MediaStorageSOPInstanceUID, Vr.UI, Encoding.ASCII.GetBytes(uid))).Build());

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("gone");

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) => throw new IOException("gone");
    }
}
