using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Harmony.Packages.Store;

/// <summary>The entry of a package in the index.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="StudyInstanceUid">Its study; empty if the package names none.</param>
/// <param name="Length">Bytes of the archive.</param>
/// <param name="Stored">When it was stored.</param>
internal sealed record IndexedPackage(Guid Id, string StudyInstanceUid, long Length, DateTimeOffset Stored);

/// <summary>
/// Finds packages by study (SQLite, write-ahead log). The archives decide: the index is made again from them when it is missing or damaged,
/// and an entry whose archive is gone finds nothing.
/// </summary>
internal sealed class PackageIndex : IDisposable
{
    private const int Corrupt = 11, NotADatabase = 26; // SQLITE_CORRUPT, SQLITE_NOTADB

    private readonly Lock _lock = new();
    private readonly SqliteConnection _connection;

    private PackageIndex(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens an index, or makes a new one. A damaged index is deleted: the archives hold everything in it.</summary>
    public static PackageIndex Open(string path)
    {
        try
        {
            return new PackageIndex(Connect(path));
        }
        catch (SqliteException e) when (e.SqliteErrorCode is Corrupt or NotADatabase)
        {
            foreach (var file in new[] { path, path + "-wal", path + "-shm" }) File.Delete(file);
            return new PackageIndex(Connect(path));
        }
    }

    /// <summary>Adds a package, or replaces its entry.</summary>
    public void Add(IndexedPackage package) => AddAll([package]);

    /// <summary>Adds packages in one transaction.</summary>
    public void AddAll(IReadOnlyCollection<IndexedPackage> packages)
    {
        lock (_lock)
        {
            using var transaction = _connection.BeginTransaction();
            using var command = Command("insert or replace into packages (id, study, length, stored) values ($id, $study, $length, $stored)");
            command.Transaction = transaction;
            foreach (var package in packages)
            {
                command.Parameters.Clear();
                command.Parameters.AddWithValue("$id", package.Id.ToString());
                command.Parameters.AddWithValue("$study", package.StudyInstanceUid);
                command.Parameters.AddWithValue("$length", package.Length);
                command.Parameters.AddWithValue("$stored", package.Stored.ToUnixTimeMilliseconds());
                command.ExecuteNonQuery();
            }

            transaction.Commit();
        }
    }

    /// <summary>Forgets a package.</summary>
    public void Remove(Guid id)
    {
        lock (_lock)
        {
            using var command = Command("delete from packages where id = $id");
            command.Parameters.AddWithValue("$id", id.ToString());
            command.ExecuteNonQuery();
        }
    }

    /// <summary>The packages of a study, the newest first.</summary>
    public IReadOnlyList<IndexedPackage> OfStudy(string studyInstanceUid)
        => Query("select id, study, length, stored from packages where study = $study order by stored desc, id", ("$study", studyInstanceUid));

    /// <summary>One package; null if there is none.</summary>
    public IndexedPackage? Find(Guid id) => Query("select id, study, length, stored from packages where id = $id", ("$id", id.ToString())).FirstOrDefault();

    /// <summary>All packages, the oldest first.</summary>
    public IReadOnlyList<IndexedPackage> All() => Query("select id, study, length, stored from packages order by stored, id");

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock) _connection.Dispose();
    }

    private static SqliteConnection Connect(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = """
                pragma journal_mode = wal;
                pragma synchronous = normal;
                create table if not exists packages (id text primary key, study text not null, length integer not null, stored integer not null) without rowid;
                create index if not exists packages_by_study on packages (study, stored);
                """;
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private List<IndexedPackage> Query(string text, params ReadOnlySpan<(string Name, string Value)> parameters)
    {
        lock (_lock)
        {
            using var command = Command(text);
            foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
            using var reader = command.ExecuteReader();
            var found = new List<IndexedPackage>();
            while (reader.Read())
            {
                found.Add(new IndexedPackage(
                    Guid.Parse(reader.GetString(0), CultureInfo.InvariantCulture), reader.GetString(1), reader.GetInt64(2),
                    DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(3))));
            }

            return found;
        }
    }

    private SqliteCommand Command(string text)
    {
        var command = _connection.CreateCommand();
        command.CommandText = text;
        return command;
    }
}
