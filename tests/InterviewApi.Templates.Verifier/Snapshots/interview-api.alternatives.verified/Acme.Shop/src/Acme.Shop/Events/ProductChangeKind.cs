namespace Acme.Shop.Events;

public enum ProductChangeKind
{
    Created,
    Updated,
    Deleted,
}
