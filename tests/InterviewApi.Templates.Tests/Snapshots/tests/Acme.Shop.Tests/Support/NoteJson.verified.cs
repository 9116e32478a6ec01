using System.Text.Json.Serialization;

namespace Acme.Shop.Tests.Support;

[JsonSerializable(typeof(Note))]
internal sealed partial class NoteJson : JsonSerializerContext;
